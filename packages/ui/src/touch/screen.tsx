import { ArrowLeft, House, Languages, type LucideIcon, Volume2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Ltr } from '../lib/ltr';
import { BarePress } from './press';

export interface ScreenProps {
  /** What stands at the start of the top strip: "0101 监室". */
  readonly title: ReactNode;
  /** "13:58", at the site. */
  readonly clock: string;
  readonly date?: string;
  /** Between title and date: the offline badge. */
  readonly status?: ReactNode;
  readonly onBack?: (() => void) | undefined;
  readonly onHome?: (() => void) | undefined;
  /** Absent inside a personal session without a handset. */
  readonly onListen?: (() => void) | undefined;
  readonly onLanguage?: (() => void) | undefined;
  /** The home page: the banner takes the full width. */
  readonly home?: boolean;
  /** The call bar. Always at the same place, on every page. */
  readonly call: ReactNode;
  readonly children: ReactNode;
}

/** Rail words longer than this many letters are set smaller; the rail is 20 mm wide. */
const RAIL_WORD = 6;

function RailPress({ icon: Icon, label, flip = false, onPress }: { icon: LucideIcon; label: string; flip?: boolean; onPress: () => void }) {
  return (
    <BarePress onPress={onPress}>
      <Icon aria-hidden className={flip ? 'flip' : ''} />
      <span className="label" data-long={label.length > RAIL_WORD ? '' : undefined}>
        {label}
      </span>
    </BarePress>
  );
}

/** The frame of every cell page: strip, rail at the start edge, one question in the middle, help at the bottom. Never scrolls. */
export function Screen({ title, clock, date, status, onBack, onHome, onListen, onLanguage, home = false, call, children }: ScreenProps) {
  const { t } = useTranslation('common');
  return (
    <div className={home ? 'screen at-home' : 'screen'}>
      <header className="screen-top">
        <b>{title}</b>
        {status}
        <span className="flex-1" />
        {date && <bdi className="text-muted">{date}</bdi>}
        <span className="clock">
          <Ltr>{clock}</Ltr>
        </span>
      </header>
      <main className="screen-main">{children}</main>
      <nav className="screen-rail" aria-label={t('nav.main')}>
        {onBack && <RailPress icon={ArrowLeft} flip label={t('nav.back')} onPress={onBack} />}
        {onHome && <RailPress icon={House} label={t('nav.home')} onPress={onHome} />}
        <span className="flex-1" />
        {onListen && <RailPress icon={Volume2} label={t('nav.listen')} onPress={onListen} />}
        {onLanguage && <RailPress icon={Languages} label={t('nav.language')} onPress={onLanguage} />}
      </nav>
      <footer className="screen-call">{call}</footer>
    </div>
  );
}

/** The home page inside a `Screen home`: the banner over the whole width, at most six tiles under it beside the rail. */
export function HomeBoard({ banner, children }: { banner: ReactNode; children: ReactNode }) {
  return (
    <div className="home">
      {banner}
      <div className="home-tiles">{children}</div>
    </div>
  );
}

export interface QuestionProps {
  readonly title: ReactNode;
  /** A small line above: which act this belongs to. */
  readonly kicker?: ReactNode;
  readonly lead?: ReactNode;
  /** Under the lead: dots, a state line. */
  readonly below?: ReactNode;
  /** Presses at the lower edge of the question pane, e.g. "use another proof". */
  readonly foot?: ReactNode;
  /** A heading of display size, for one short thing such as "3 号床". */
  readonly big?: boolean;
  /** Gives the question half of the page; without it about a third. */
  readonly wide?: boolean;
  /** The answers pane. */
  readonly children: ReactNode;
}

/** One question at the start side, its answers at the end side. */
export function Question({ title, kicker, lead, below, foot, big = false, wide = false, children }: QuestionProps) {
  return (
    <div className={wide ? 'question [--question:45%]' : 'question'} data-big={big ? '' : undefined}>
      <section className="question-ask">
        {kicker && <span className="kicker">{kicker}</span>}
        <h1>{title}</h1>
        {lead && <p className="lead">{lead}</p>}
        {below}
        {foot && <div className="question-foot">{foot}</div>}
      </section>
      <section className="question-answers">{children}</section>
    </div>
  );
}
