// Ant Design without any style made at run time: the static sheet is the only one, so the CSP needs no unsafe-inline.
// Must not be given theme tokens: colours are set in app.css, in Ant Design's own variables.
import { StyleProvider } from '@ant-design/cssinjs';
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ReactNode, useState } from 'react';
import { useWords } from '../station/language.tsx';

/** The key under which antd/dist/antd.css (6.6.8) keeps its variables. */
const STATIC_SHEET_KEY = 'css-var-_R_0_';

const overlays = (): HTMLElement => document.getElementById('overlays') ?? document.body;

export function Look({ children }: { readonly children: ReactNode }) {
  const { language } = useWords();
  // Why: Ant Design still writes its variables into a style element; one that is never put on the page does no harm.
  const [nowhere] = useState(() => document.createElement('div'));
  return (
    <StyleProvider container={nowhere}>
      <ConfigProvider
        locale={language === 'zh' ? zhCN : enUS}
        theme={{ zeroRuntime: true, hashed: false, cssVar: { key: STATIC_SHEET_KEY } }}
        getPopupContainer={overlays}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
      >
        {children}
      </ConfigProvider>
    </StyleProvider>
  );
}
