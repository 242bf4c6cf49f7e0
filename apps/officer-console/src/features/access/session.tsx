import { type Me, meQuery } from '@sallyport/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { ApiFailure } from '../../platform/api';
import { reading } from '../../platform/queries';
import { stepUp } from './ceremonies';

export interface Session {
  readonly me: Me;
  readonly can: (permission: string) => boolean;
  /** Asks for a fresh proof before a sensitive act. */
  readonly stepUp: () => Promise<void>;
  /** Reads again who is signed in: after a lock, an unlock or a change of posts. */
  readonly reread: () => Promise<void>;
}

const SessionContext = createContext<Session | null>(null);

/** The signed-in officer. Only used inside `SessionGate`, which shows nothing else before there is one. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession outside of a session');
  return session;
}

interface GateProps {
  readonly children: ReactNode;
  /** Shown to whoever is not signed in. */
  readonly signIn: ReactNode;
  /** Shown while the session is locked: alarms stay, everything else is gone. */
  readonly locked: ReactNode;
  readonly waiting: ReactNode;
  readonly unreachable: (retry: () => void) => ReactNode;
}

/** Opens the console to a signed-in officer and to nobody else. */
export function SessionGate({ children, signIn, locked, waiting, unreachable }: GateProps) {
  const client = useQueryClient();
  const { data: me, error, refetch } = useQuery({ ...reading(meQuery), retry: false });
  const session = useMemo<Session | null>(
    () =>
      me
        ? {
            me,
            can: (permission) => me.permissions.includes(permission),
            stepUp,
            reread: async () => {
              await client.invalidateQueries();
            },
          }
        : null,
    [me, client],
  );
  if (error instanceof ApiFailure && error.status === 401) return signIn;
  if (session) return <SessionContext.Provider value={session}>{session.me.locked ? locked : children}</SessionContext.Provider>;
  if (error) return unreachable(() => void refetch());
  return waiting;
}
