import type { Pool } from 'pg';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What every part of the server may count. Names begin with sallyport_, labels never hold anything about a person. */
export interface Metrics {
  readonly registry: Registry;
  counter<Label extends string = never>(name: string, help: string, labels?: readonly Label[]): Counter<Label>;
  gauge<Label extends string = never>(
    name: string,
    help: string,
    labels?: readonly Label[],
    collect?: (gauge: Gauge<Label>) => void | Promise<void>,
  ): Gauge<Label>;
  /** `buckets` in seconds. */
  histogram<Label extends string = never>(name: string, help: string, labels?: readonly Label[], buckets?: number[]): Histogram<Label>;
  /** The text that Prometheus reads. */
  text(): Promise<string>;
}

/** From a fast answer (1 ms) to the request timeout (30 s). */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of its own, so that several servers in one process (tests, simulator) do not mix their figures. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers }),
    gauge: (name, help, labels = [], collect) =>
      new Gauge({
        name,
        help,
        labelNames: [...labels],
        registers,
        ...(collect && {
          async collect() {
            await collect(this);
          },
        }),
      }),
    histogram: (name, help, labels = [], buckets = SECONDS) => new Histogram({ name, help, labelNames: [...labels], buckets, registers }),
    text: () => registry.metrics(),
  };
}

/** Memory, event loop and garbage collection of the process. Once per process: the probe of the event loop is global. */
export function measureProcess(metrics: Metrics): void {
  collectDefaultMetrics({ register: metrics.registry });
}

/** How many connections are open, idle, and how many callers wait for one. */
export function measurePool(metrics: Metrics, pool: Pool): void {
  metrics.gauge('sallyport_database_connections', 'Connections of this process to the database', ['state'], (gauge) => {
    gauge.set({ state: 'open' }, pool.totalCount);
    gauge.set({ state: 'idle' }, pool.idleCount);
    gauge.set({ state: 'waited-for' }, pool.waitingCount);
  });
}
