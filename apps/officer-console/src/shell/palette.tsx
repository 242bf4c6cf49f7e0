import { cellList, peopleList } from '@sallyport/contracts';
import { Dialog, TextField } from '@sallyport/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useSession } from '../features/access/session';
import { reading } from '../platform/queries';
import { PAGES } from './pages';

interface Target {
  readonly path: string;
  readonly label: string;
  readonly kind: string;
}

/** What fits on the dialog without scrolling far. */
const MOST_SHOWN = 9;
/** Fewer letters would ask the server for half the house. */
const SHORTEST_NAME = 2;

/** Pages, cells and people that the typed text names, the nearest first. */
function useTargets(text: string): readonly Target[] {
  const { t } = useTranslation(['console', 'common']);
  const { can } = useSession();
  const wanted = useDeferredValue(text.trim());
  const mayRead = can('person.read');
  const { data: cells } = useQuery({ ...reading(cellList), enabled: mayRead });
  const { data: people } = useQuery({
    ...reading(peopleList, {}, { text: wanted, state: 'held', limit: MOST_SHOWN }),
    enabled: mayRead && wanted.length >= SHORTEST_NAME,
    placeholderData: keepPreviousData,
  });
  const holds = (label: string) => label.toLowerCase().includes(wanted.toLowerCase());
  const pages = PAGES.filter(({ permission }) => can(permission)).map(({ id, path }) => ({ path, label: t(`nav.${id}`), kind: t('palette.page') }));
  const named = wanted === '' ? [] : (cells?.cells ?? []).filter(({ cell }) => cell.includes(wanted));
  const places = named.flatMap(({ cell }) => [
    { path: `/people?cell=${cell}`, label: t('common:place.cell', { cell }), kind: t('palette.people') },
    ...(can('duty.read') ? [{ path: `/roster/${cell}`, label: t('common:place.cell', { cell }), kind: t('palette.board') }] : []),
  ]);
  const found = wanted.length < SHORTEST_NAME ? [] : (people?.rows ?? []);
  const persons = found.map(({ id, number, maskedName, cell }) => ({ path: `/people?person=${id}`, label: `${number} ${maskedName}`, kind: cell ?? '' }));
  return [...pages.filter(({ label }) => holds(label)), ...places, ...persons].slice(0, MOST_SHOWN);
}

/** Ctrl+K: one field that leads to any page, cell or person. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('console');
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const targets = useTargets(text);
  const chosen = targets[Math.min(at, targets.length - 1)];
  const go = (target: Target | undefined) => {
    if (!target) return;
    onClose();
    void navigate(target.path);
  };
  const keys = useRef<Record<string, () => void>>({});
  keys.current = {
    ArrowDown: () => setAt(Math.min(at + 1, targets.length - 1)),
    ArrowUp: () => setAt(Math.max(at - 1, 0)),
    Enter: () => go(chosen),
  };
  useEffect(() => {
    // The field has the focus and no keys of its own for these; an input method that composes keeps its Enter.
    const listen = (event: KeyboardEvent) => {
      const run = event.isComposing || !(event.target instanceof HTMLInputElement) ? undefined : keys.current[event.key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', listen, true);
    return () => window.removeEventListener('keydown', listen, true);
  }, []);
  return (
    <Dialog isOpen onClose={onClose} title={t('palette.title')}>
      <TextField
        label={t('palette.hint')}
        value={text}
        onChange={(value) => {
          setText(value);
          setAt(0);
        }}
        maxLength={60}
        type="search"
        autoFocus
      />
      <ul className="palette">
        {targets.length === 0 && <li className="text-muted">{t('palette.none')}</li>}
        {targets.map((target) => (
          <li key={`${target.path} ${target.kind}`}>
            <Button className="roster-person" data-chosen={target === chosen ? '' : undefined} onPress={() => go(target)}>
              {target.label}
              <span className="end text-muted">{target.kind}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
