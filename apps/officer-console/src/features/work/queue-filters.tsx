import { MOST_WORK_FILTERS, type WorkFilter, type WorkKind, workDropFilter, workFilters, workKind, workSaveFilter } from '@sallyport/contracts';
import { Button, Dialog, Note, Tabs, TextField, useHotkeys } from '@sallyport/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Star, StarOff } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reading } from '../../platform/queries';
import { useAct } from '../../platform/use-act';
import { useRefusalText } from '../../shell/use-refusal';

/** What of the queue is shown: a tab, and words that a row must hold. */
export interface QueueView {
  readonly tab: 'all' | 'done' | WorkKind | `saved:${string}`;
  readonly words: string;
}
export const WHOLE_QUEUE: QueueView = { tab: 'all', words: '' };

const SAVED = 'saved:';
const savedName = (tab: string): string | null => (tab.startsWith(SAVED) ? tab.slice(SAVED.length) : null);

/** The kind that a view is narrowed to; null for all of them. */
export function kindOf({ tab }: QueueView, saved: readonly WorkFilter[]): WorkKind | null {
  const name = savedName(tab);
  if (name !== null) return saved.find((filter) => filter.name === name)?.kind ?? null;
  return tab === 'all' || tab === 'done' ? null : (tab as WorkKind);
}

/** The officer's own filters, and the acts that keep and forget one. */
export function useSavedFilters() {
  const client = useQueryClient();
  const { data } = useQuery(reading(workFilters));
  const save = useAct(workSaveFilter);
  const drop = useAct(workDropFilter);
  const again = () => client.invalidateQueries({ queryKey: [workFilters.path] });
  return {
    filters: data?.filters ?? [],
    save: async (filter: WorkFilter) => {
      const outcome = await save.run(filter);
      if (outcome?.outcome === 'accepted') await again();
      return outcome?.outcome === 'accepted';
    },
    drop: async (name: string) => {
      await drop.run({ name });
      await again();
    },
    problem: save.act.state === 'problem' ? save.act : null,
    clear: save.clear,
  };
}
type Saved = ReturnType<typeof useSavedFilters>;

function SaveDialog({ saved, view, onClose, onSaved }: { saved: Saved; view: QueueView; onClose: () => void; onSaved: (name: string) => void }) {
  const { t } = useTranslation(['console', 'common']);
  const refusalText = useRefusalText();
  const [name, setName] = useState('');
  const send = async () => {
    const filter = { name: name.trim(), kind: kindOf(view, saved.filters), words: view.words.trim() };
    if (await saved.save(filter)) onSaved(filter.name);
  };
  const actions = (
    <>
      <Button tone="primary" isDisabled={name.trim() === ''} onPress={() => void send()}>
        {t('queue.saveFilter')}
      </Button>
      <Button onPress={onClose}>{t('common:action.cancel')}</Button>
    </>
  );
  return (
    <Dialog isOpen onClose={onClose} title={t('queue.saveFilter')} actions={actions}>
      <TextField label={t('queue.filterName')} value={name} onChange={setName} maxLength={30} autoFocus />
      {saved.problem && <Note tone="danger">{refusalText(saved.problem.code, saved.problem.details)}</Note>}
    </Dialog>
  );
}

interface QueueFiltersProps {
  readonly view: QueueView;
  readonly setView: (view: QueueView) => void;
  readonly saved: Saved;
  readonly counts: Readonly<Record<string, number>>;
}

/** Kinds with their counts, the officer's own filters, and a search that `/` goes to. */
export function QueueFilters({ view, setView, saved, counts }: QueueFiltersProps) {
  const { t } = useTranslation('console');
  const [saving, setSaving] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  useHotkeys([{ keys: 'Slash', run: () => field.current?.querySelector('input')?.focus() }]);
  const kinds = workKind.options.filter((kind) => (counts[kind] ?? 0) > 0 || kind === view.tab);
  const items = [
    { id: 'all', label: t('queue.all'), count: counts['waiting'] ?? 0 },
    ...kinds.map((kind) => ({ id: kind, label: t(`kind.${kind}`), count: counts[kind] ?? 0 })),
    ...saved.filters.map(({ name }) => ({ id: `${SAVED}${name}`, label: `★ ${name}` })),
    { id: 'done', label: t('queue.done') },
  ];
  const choose = (id: string) => {
    const name = savedName(id);
    setView({ tab: id as QueueView['tab'], words: saved.filters.find((filter) => filter.name === name)?.words ?? '' });
  };
  const own = savedName(view.tab);
  const canSave = own === null && view.tab !== 'done' && (view.tab !== 'all' || view.words.trim() !== '') && saved.filters.length < MOST_WORK_FILTERS;
  const close = () => {
    saved.clear();
    setSaving(false);
  };
  return (
    <>
      <Tabs items={items} selected={view.tab} onChange={choose} aria-label={t('queue.filter')} />
      <span className="grow" />
      <div className="head-field" ref={field}>
        <TextField label={t('queue.search')} value={view.words} onChange={(words) => setView({ ...view, words })} maxLength={60} type="search" />
      </div>
      {canSave && (
        <Button icon={Star} onPress={() => setSaving(true)}>
          {t('queue.saveFilter')}
        </Button>
      )}
      {own !== null && (
        <Button icon={StarOff} onPress={() => void saved.drop(own).then(() => setView(WHOLE_QUEUE))}>
          {t('queue.dropFilter')}
        </Button>
      )}
      {saving && (
        <SaveDialog
          saved={saved}
          view={view}
          onClose={close}
          onSaved={(name) => {
            close();
            setView({ ...view, tab: `${SAVED}${name}` });
          }}
        />
      )}
    </>
  );
}
