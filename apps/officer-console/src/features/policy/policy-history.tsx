import type { policyCurrent, ResponseOf } from '@sallyport/contracts';
import { Ltr, Panel, Tag, useFmt } from '@sallyport/ui';
import { useTranslation } from 'react-i18next';
import { usePolicyWords } from './policy-words';

type Version = ResponseOf<typeof policyCurrent>['versions'][number];

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Every version with who made it, why, from when, and what it changed. */
export function PolicyHistory({ versions, current, zone }: { versions: readonly Version[]; current: number; zone: string }) {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  const words = usePolicyWords();
  return (
    <>
      {versions.map(({ version, effectiveFrom, reason, by, at, changes }) => (
        <Panel
          key={version}
          title={t('policy.version', { n: version })}
          end={
            <>
              {version === current && <Tag tone="ok">{t('policy.inForce', { n: version })}</Tag>}
              <span className="text-sm text-muted">
                {t('policy.from')} <Ltr>{fmt.dateTime(Date.parse(effectiveFrom))}</Ltr>
              </span>
            </>
          }
        >
          <div className="flex flex-col gap-2">
            <p>
              <b>{by ?? ''}</b> <Ltr>{fmt.dateTime(Date.parse(at))}</Ltr> {reason}
            </p>
            {changes.length === 0 && <p className="text-muted">{t('policy.first')}</p>}
            <ul className="flex flex-col gap-1">
              {changes.map(({ path, from, to }) => (
                <li key={path}>
                  {words.whole(path)}: {t('policy.change', { from: words.show(read(from)), to: words.show(read(to)) })}
                </li>
              ))}
            </ul>
          </div>
        </Panel>
      ))}
    </>
  );
}
