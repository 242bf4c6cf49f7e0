/** Says in a few public words why something is not ready, or nothing when it is. */
export type Check = () => Promise<string | undefined> | string | undefined;

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly reason?: string;
}

/** The named checks that decide whether this process should get requests. */
export interface Health {
  /** `name` appears in /readyz. A check that throws or takes longer than two seconds counts as failed. */
  register(name: string, check: Check): void;
  run(): Promise<readonly CheckResult[]>;
}

/** Whoever asks while an answer is being made gets the same one: anybody may ask, and only one at a time costs the database something. */
export function shared<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<Value> | undefined;
  return () =>
    (running ??= make().finally(() => {
      running = undefined;
    }));
}

const PATIENCE_MS = 2_000;

async function runOne(name: string, check: Check): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer within 2 s'), PATIENCE_MS);
  });
  try {
    const reason = await Promise.race([Promise.resolve().then(check), late]);
    return reason === undefined ? { name, ok: true } : { name, ok: false, reason };
  } catch {
    return { name, ok: false, reason: 'failed, see the log' };
  } finally {
    clearTimeout(timer);
  }
}

export function createHealth(): Health {
  const checks = new Map<string, Check>();
  const runAll = () => Promise.all([...checks].map(([name, check]) => runOne(name, check)));
  return {
    register: (name, check) => checks.set(name, check),
    run: shared(runAll),
  };
}
