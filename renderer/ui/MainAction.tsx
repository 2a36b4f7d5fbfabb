// The one deep-blue action of a screen or dialogue; Ctrl+Enter presses it.
import { Button } from 'antd';
import type { ReactNode } from 'react';

interface MainActionProps {
  readonly children: ReactNode;
  readonly onClick: () => void;
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly icon?: ReactNode;
  readonly testId: string;
}

export function MainAction({ children, onClick, isBusy = false, isDisabled = false, icon, testId }: MainActionProps) {
  return (
    <Button
      type="primary"
      className="main-action"
      loading={isBusy}
      disabled={isDisabled}
      onClick={onClick}
      icon={icon}
      data-main-action="yes"
      data-testid={testId}
      aria-keyshortcuts="Control+Enter"
    >
      {children}
    </Button>
  );
}

/** Presses the main action of the topmost dialogue, or else of the screen. */
export function pressMainAction(): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-main-action]:not(:disabled)')].filter(
    (button) => button.offsetParent !== null,
  );
  const onTop = buttons.filter((button) => button.closest('#overlays') !== null);
  (onTop.at(-1) ?? (isDialogueOpen() ? undefined : buttons.at(-1)))?.click();
}

/** A dialogue without a main action of its own must not let the screen's be pressed behind it. */
function isDialogueOpen(): boolean {
  return [...document.querySelectorAll<HTMLElement>('#overlays [role="dialog"]')].some((dialogue) => dialogue.offsetParent !== null);
}
