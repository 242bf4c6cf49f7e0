import type { EnrolFailure } from '@sallyport/offline';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTerminal } from '../../shell/terminal-context';
import { CODE_LENGTH, CodePad, CodeSlots } from './code-pad';

const failures = {
  offline: 'enrol.offline',
  'code-refused': 'enrol.refusedNext',
  'too-many-tries': 'enrol.tooMany',
  'keys-swapped': 'enrol.swapped',
  server: 'enrol.offline',
  storage: 'enrol.storage',
} as const satisfies Record<EnrolFailure, string>;

/** Enters the one-time code of an officer. A code in the address (`#enrol=K7MT-3QXZ`) is used once and leaves the address. */
export function EnrolPage({ initialCode }: { initialCode: string }) {
  const { t } = useTranslation('cell');
  const terminal = useTerminal();
  const [code, setCode] = useState(initialCode);
  const [state, setState] = useState<'entering' | 'working' | EnrolFailure>('entering');
  // A code is single use: it is sent once, also where React runs an effect twice.
  const used = useRef('');
  const working = state === 'working';
  useEffect(() => {
    if (code.length < CODE_LENGTH || used.current === code) return;
    used.current = code;
    setState('working');
    void terminal.enrol(`${code.slice(0, 4)}-${code.slice(4)}`).then((result) => {
      if (result.ok) return;
      setState(result.error);
      setCode('');
    });
  }, [code, terminal]);
  const hint = working ? t('enrol.working') : state === 'entering' ? t('enrol.codeHint') : t(failures[state]);
  return (
    <div className="code-page">
      <div className="code-head">
        <div>
          <h1>{t('enrol.enterCode')}</h1>
          <p role="status">{hint}</p>
        </div>
        <CodeSlots code={code} />
      </div>
      <CodePad code={code} isDisabled={working} onChange={setCode} />
    </div>
  );
}
