// A child of another build: greets with a contract version of its own, and prints what it is sent.
process.on('message', () => process.send?.({ hello: true, contractVersion: 999, pid: process.pid }, undefined, undefined, () => undefined));
process.on('disconnect', () => process.exit(0));
