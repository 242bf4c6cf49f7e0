import { Button, Mark, Note, Skeleton } from '@sallyport/ui';
import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { ApiFailure } from '../../platform/api';
import { LanguageSwitch } from '../../shell/language-switch';
import { useRefusalText } from '../../shell/use-refusal';
import { redeemLink, registerPasskey, signInWithPasskey } from './ceremonies';

type Step = 'ready' | 'working' | 'cancelled' | 'link-working' | 'link-invalid' | 'register' | { readonly refused: string };

/** The card in the middle of the page before there is a session. */
export function SignInCard({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="grid h-dvh place-items-center bg-ground" id="main">
      <section className="panel w-[420px] p-8 flex flex-col gap-5">
        <div className="flex items-center gap-3">
          <Mark size={36} />
          <h1 className="text-title font-bold">{title}</h1>
        </div>
        {children}
        <LanguageSwitch />
      </section>
    </main>
  );
}

/** What a failed ceremony means: the server refused, or the officer or the browser did not finish. */
export function stepAfter(failure: unknown): Step {
  return failure instanceof ApiFailure ? { refused: failure.code } : 'cancelled';
}

function useSignIn() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { hash } = useLocation();
  const token = useRef(hash.slice(1));
  const [step, setStep] = useState<Step>(token.current === '' ? 'ready' : 'link-working');
  const open = useCallback(async () => {
    client.clear();
    await navigate('/', { replace: true });
  }, [client, navigate]);
  const attempt = useCallback(
    (act: () => Promise<void>) => {
      setStep('working');
      act().then(open, (failure: unknown) => setStep(stepAfter(failure)));
    },
    [open],
  );
  useEffect(() => {
    const given = token.current;
    if (given === '') return;
    // The link works once: it must not be tried a second time when the page is drawn again, nor stay in the address.
    token.current = '';
    window.history.replaceState(null, '', '/sign-in');
    redeemLink(given).then(
      (next) => (next === 'signed-in' ? open() : setStep('register')),
      (failure: unknown) => setStep(failure instanceof ApiFailure && failure.status === 0 ? stepAfter(failure) : 'link-invalid'),
    );
  }, [open]);
  return { step, signIn: () => attempt(signInWithPasskey), register: () => attempt(registerPasskey) };
}

/** Sign-in: passkey first; a one-time link leads to making one. */
export function SignInPage() {
  const { t } = useTranslation('console');
  const { step, signIn, register } = useSignIn();
  const refusalText = useRefusalText();
  if (step === 'link-working') {
    return (
      <SignInCard title={t('signIn.title')}>
        <p>{t('signIn.linkWorking')}</p>
        <Skeleton rows={1} />
      </SignInCard>
    );
  }
  const registering = step === 'register';
  return (
    <SignInCard title={t('signIn.title')}>
      <p>{registering ? t('signIn.register') : t('signIn.lead')}</p>
      {step === 'link-invalid' && <Note tone="amber">{`${t('signIn.linkInvalid')} ${t('signIn.linkNext')}`}</Note>}
      {step === 'cancelled' && <Note tone="amber">{t('signIn.cancelled')}</Note>}
      {typeof step === 'object' && <Note tone="danger">{refusalText(step.refused)}</Note>}
      <Button tone="primary" size="lg" icon={KeyRound} guard isPending={step === 'working'} onPress={registering ? register : signIn} autoFocus>
        {step === 'working' ? t('signIn.waiting') : registering ? t('signIn.register') : t('signIn.passkey')}
      </Button>
      <p className="text-sm text-muted">{t('signIn.lost')}</p>
      <p className="text-sm text-muted">{t('signIn.recordNote')}</p>
    </SignInCard>
  );
}
