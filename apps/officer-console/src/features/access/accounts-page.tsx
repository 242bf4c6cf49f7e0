import { officerList } from '@sallyport/contracts';
import { Button, type Column, EmptyState, Ltr, Note, Page, Skeleton, Table, Tag, useFmt, useHotkeys } from '@sallyport/ui';
import { useQuery } from '@tanstack/react-query';
import { KeyRound, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiFailure } from '../../platform/api';
import { reading } from '../../platform/queries';
import { useKeyHints } from '../../shell/frame';
import { useRefusalText } from '../../shell/use-refusal';
import { registerPasskey } from './ceremonies';
import { CreateDialog } from './create-dialog';
import { type Officer, OfficerDialog } from './officer-dialog';
import { useSession } from './session';

const TONES = { invited: 'cyan', active: 'ok', locked: 'amber', disabled: 'line' } as const;

function useColumns(zone: string): Column<Officer>[] {
  const { t } = useTranslation('console');
  const fmt = useFmt(zone);
  return [
    { id: 'name', label: t('access.name'), rowHeader: true, cell: (row) => <b>{row.name}</b> },
    { id: 'staffNo', label: t('access.staffNo'), cell: (row) => <Ltr>{row.staffNo}</Ltr> },
    {
      id: 'posts',
      label: t('access.posts'),
      cell: (row) => (
        <span className="flex gap-1 flex-wrap">
          {row.posts.length === 0 && t('access.noPosts')}
          {row.posts.map(({ role, blocks }) => (
            <Tag key={role} tone={role.endsWith('-admin') ? 'brand' : 'plain'}>
              {t(`role.${role}`)} · {blocks === 'all' ? t('access.allBlocks') : blocks.join(' ')}
            </Tag>
          ))}
        </span>
      ),
    },
    { id: 'state', label: t('access.stateColumn'), cell: (row) => <Tag tone={TONES[row.state]}>{t(`access.state.${row.state}`)}</Tag> },
    { id: 'keys', label: t('access.keysColumn'), align: 'end', cell: (row) => row.passkeys },
    { id: 'sessions', label: t('access.sessionsColumn'), align: 'end', cell: (row) => row.sessions },
    { id: 'last', label: t('access.lastSignIn'), cell: (row) => <Ltr>{row.lastSignInAt ? fmt.dateTime(Date.parse(row.lastSignInAt)) : '–'}</Ltr> },
  ];
}

type Registering = 'idle' | 'working' | 'done' | 'cancelled' | { readonly refused: string };

/** The own passkeys: an officer can always add one more, so that a lost key does not lock anybody out. */
function OwnKeys() {
  const { t } = useTranslation('console');
  const { me, reread } = useSession();
  const refusalText = useRefusalText();
  const [state, setState] = useState<Registering>('idle');
  const add = async () => {
    setState('working');
    try {
      await registerPasskey();
      await reread();
      setState('done');
    } catch (failure) {
      setState(failure instanceof ApiFailure ? { refused: failure.code } : 'cancelled');
    }
  };
  return (
    <div className="panel flex items-center gap-4 p-4">
      <KeyRound aria-hidden />
      <div className="grow">
        <b className="block">{t('access.own')}</b>
        {t('access.passkeys', { n: me.passkeys })}
      </div>
      {state === 'done' && <Note tone="ok">{t('access.registered')}</Note>}
      {state === 'cancelled' && <Note tone="amber">{t('signIn.cancelled')}</Note>}
      {typeof state === 'object' && <Note tone="danger">{refusalText(state.refused)}</Note>}
      <Button guard isPending={state === 'working'} onPress={() => void add()}>
        {t('access.addPasskey')}
      </Button>
    </div>
  );
}

/** Officers, their posts and their ways in. Who holds what is seen by several administrators, changed by one kind. */
export function AccountsPage() {
  const { t } = useTranslation('console');
  const { me, can } = useSession();
  const { data } = useQuery(reading(officerList));
  const [creating, setCreating] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useColumns(me.timeZone);
  const mayManage = can('access.manage');
  useHotkeys([{ keys: 'KeyN', run: () => setCreating(true), isDisabled: !mayManage }]);
  useKeyHints([
    { keys: ['Enter'], label: t('key.open') },
    ...(mayManage ? [{ keys: ['N'], label: t('access.create') }] : []),
    { keys: ['?'], label: t('key.help') },
  ]);
  const officer = data?.officers.find(({ id }) => id === opened);
  const head = (
    <>
      <span className="grow" />
      {mayManage && (
        <Button tone="primary" icon={UserPlus} hotkey="N" onPress={() => setCreating(true)}>
          {t('access.create')}
        </Button>
      )}
    </>
  );
  return (
    <Page title={t('access.title')} head={head}>
      <div className="page-table flex flex-col gap-4">
        <OwnKeys />
        {!data && <Skeleton rows={8} />}
        {data && (
          <div className="panel">
            <Table
              aria-label={t('access.title')}
              columns={columns}
              rows={data.officers}
              rowId={({ id }) => id}
              {...(mayManage ? { onOpen: setOpened } : {})}
              empty={<EmptyState title={t('access.none')} />}
            />
          </div>
        )}
        <p className="text-sm text-muted">{t('access.threeAdmins')}</p>
      </div>
      {creating && <CreateDialog onClose={() => setCreating(false)} />}
      {officer && officer.state !== 'disabled' && <OfficerDialog key={officer.id} officer={officer} onClose={() => setOpened(null)} />}
    </Page>
  );
}
