import { Ltr, Note, useFmt } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { useSession } from './session';

/** A one-time sign-in link, shown this one time. */
export function LinkOnce({ url, expiresAt }: { url: string; expiresAt: string }) {
  const { t } = useTranslation('console');
  const { me } = useSession();
  const fmt = useFmt(me.timeZone);
  return (
    <div className="flex flex-col gap-4">
      <Note tone="amber">{t('access.linkOnce')}</Note>
      <div>
        <span className="text-sm text-muted">{t('access.link')}</span>
        <code className="block break-all select-all">
          <Ltr>{url}</Ltr>
        </code>
      </div>
      <p>{t('access.linkUntil', { time: fmt.dateTime(Date.parse(expiresAt)) })}</p>
    </div>
  );
}
