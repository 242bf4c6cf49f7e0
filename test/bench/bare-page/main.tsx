// The least that a terminal's page could be: React, one button that survives a second finger, and one language.
import { createInstance } from 'i18next';
import { Button } from 'react-aria-components';
import { createRoot } from 'react-dom/client';
import { I18nextProvider, initReactI18next, useTranslation } from 'react-i18next';

function Page() {
  const { t } = useTranslation();
  return <Button className="tile">{t('press')}</Button>;
}

const i18n = createInstance();
void i18n.use(initReactI18next).init({ lng: 'zh-CN', resources: { 'zh-CN': { translation: { press: '签到' } } } });
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <I18nextProvider i18n={i18n}>
      <Page />
    </I18nextProvider>,
  );
}
void navigator.serviceWorker.register('/service-worker.js');
