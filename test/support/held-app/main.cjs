// Holds the program until Playwright listens: a page that opens before that now and then stays paused for ever. Playwright
// calls __playwright_run when it is ready, as its own loader expects where it starts an Electron that it knows.
const path = require('node:path');
const { app } = require('electron');

const root = path.resolve(__dirname, '../../..');
const { main, productName, version } = require(path.join(root, 'package.json'));
app.setAppPath(root);
app.setName(productName);
app.setVersion(version);

const ready = app.whenReady();
const held = new Promise((resolve) => {
  globalThis.__playwright_run = () => void ready.then(resolve);
});
app.whenReady = () => held;
require(path.join(root, main));
