import { checkWithoutCodeGeneration } from '@sallyport/contracts';
import { consoleSource, createI18n } from '@sallyport/i18n';
import { allowEmptyHtml, applyLook, I18nRoot } from '@sallyport/ui';
import '@sallyport/ui/desk.css';
import './console.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './app';
import { rememberedLook } from './shell/look';

/** A console that never rests gets its font all the same. */
const FONTS_AT_LATEST = 3_000;

checkWithoutCodeGeneration();
allowEmptyHtml();
const { language, theme } = rememberedLook();
applyLook({ device: 'desk', theme });
const i18n = createI18n({ source: consoleSource, language });
// Hints and the cursor say what is stale, so that nothing has to be read again only because time passed or a window got the focus.
const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false, retry: 1 } } });

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <I18nRoot i18n={i18n}>
          <BrowserRouter>
            <App />
          </BrowserRouter>
        </I18nRoot>
      </QueryClientProvider>
    </StrictMode>,
  );
  // The font of the house after the first page, so that it holds nothing up.
  requestIdleCallback(() => void import('@sallyport/ui/fonts.css'), { timeout: FONTS_AT_LATEST });
}
