import { MINUTE, SECOND } from '@sallyport/basics';
import type { Proof } from '@sallyport/contracts';
import type { Chance } from './chance.js';
import type { Servers, World } from './servers.js';
import type { OnDuty } from './template.js';
import type { WallTerminal } from './wall-terminal.js';

/** How people behave, beside coming on time. */
const STAYS_AWAY = 0.04;
const MISTYPES = 0.06;
const PRESSES_TWICE = 0.08;
const CALLS = 0.15;
const ABNORMAL = 0.15;
const ANSWERS_PROMPT = 0.8;
/** Seconds; the last of them are too late. */
const ANSWERS_WITHIN = 75;
/** This share of the sign-ins is one at which the server breaks, in a run with poison. */
const POISONED = 0.15;
/** A person whose act could not be saved tries again after so long. */
const TRY_AGAIN = 30 * SECOND;
/** Change-over is a rush: this share signs in within the same seconds. */
const RUSH = 0.6;

/** The people of one cell: they sign in, answer prompts, call for help. */
export class People {
  readonly #world: World;
  readonly #servers: Servers;
  readonly #terminal: WallTerminal;
  readonly #chance: Chance;
  readonly #slotOf = new Map<string, string>();
  readonly #prompts = new Set<string>();

  constructor(world: World, servers: Servers, terminal: WallTerminal) {
    this.#world = world;
    this.#servers = servers;
    this.#terminal = terminal;
    this.#chance = world.chance.fork(`people ${terminal.name}`);
    terminal.onAnswer = (id, outcome) => this.#answered(id, outcome);
    terminal.onHome = () => this.#prompted();
  }

  /** Plans what the two of a slot do around its start. */
  plan(slot: string, start: number): void {
    for (const person of this.#terminal.installed.slots.find((one) => one.slot === slot)?.people ?? []) {
      if (this.#chance.happens(STAYS_AWAY)) continue;
      const at = start + (this.#chance.happens(RUSH) ? this.#chance.between(0, 3) * SECOND : this.#chance.between(-2.5 * MINUTE, 4 * MINUTE));
      this.#at(at, () => this.#signIn(person, slot));
      if (this.#chance.happens(PRESSES_TWICE)) this.#at(at + this.#chance.between(0, 20 * SECOND), () => this.#signIn(person, slot));
    }
    if (this.#chance.happens(CALLS)) this.#at(start + this.#chance.between(-2 * MINUTE, 3 * MINUTE), () => this.#act('alert.call', {}, '', ''));
  }

  /** The two whose slot ends hand over around its end. */
  planHandover(end: number): void {
    const { slot, people } = this.#terminal.installed.outgoing;
    for (const person of people) {
      if (this.#chance.happens(STAYS_AWAY)) continue;
      this.#at(end + this.#chance.between(-1.5 * MINUTE, 3 * MINUTE), () => this.#handOver(person, slot));
    }
  }

  async #handOver(person: OnDuty, slot: string): Promise<void> {
    const ref = { number: person.number };
    const verdict = this.#chance.happens(ABNORMAL) ? { verdict: 'abnormal', remark: '灯坏了' } : { verdict: 'normal', remark: '' };
    const id = await this.#act('duty.handover', { person: ref, slot, ...verdict }, '', '', { kind: 'pin', person: ref, pin: person.pin });
    if (id === null) this.#at(this.#world.time.now() + TRY_AGAIN, () => this.#handOver(person, slot));
  }

  #at(instant: number, task: () => Promise<unknown>): void {
    // Not counted as work: a person waits for answers, and those take virtual time.
    this.#world.time.at(instant, () => void task());
  }

  async #signIn(person: OnDuty, slot: string): Promise<void> {
    const ref = this.#chance.happens(0.5) ? { number: person.number } : { bed: person.bed };
    const body = { person: ref, ...(this.#chance.happens(0.6) && { slot }) };
    if (this.#world.faulty() && this.#chance.happens(MISTYPES)) {
      await this.#act('duty.sign-in', body, person.person, slot, { kind: 'pin', person: ref, pin: person.pin === '000000' ? '000001' : '000000' });
      this.#at(this.#world.time.now() + 5 * SECOND, () => this.#signIn(person, slot));
      return;
    }
    const id = await this.#act('duty.sign-in', body, person.person, slot, { kind: 'pin', person: ref, pin: person.pin });
    if (id === null) this.#at(this.#world.time.now() + TRY_AGAIN, () => this.#signIn(person, slot));
    else if (this.#world.faults.has('poison') && this.#chance.happens(POISONED)) this.#servers.poison(id);
  }

  async #act(kind: string, body: Record<string, unknown>, person: string, slot: string, proof?: Proof): Promise<string | null> {
    const id = await this.#terminal.act(kind, body, { person, slot: slot === '' ? '' : `${this.#terminal.name} ${slot}` }, proof);
    if (id !== null && slot !== '') this.#slotOf.set(id, slot);
    return id;
  }

  #answered(id: string, outcome: string): void {
    const slot = this.#slotOf.get(id);
    if (slot === undefined || outcome !== 'accepted') return;
    this.#at(this.#world.time.now() + this.#chance.between(1, 500), () => this.#terminal.readHome(slot));
  }

  #prompted(): void {
    const prompt = this.#terminal.home?.presence;
    if (!prompt || this.#prompts.has(prompt.id)) return;
    this.#prompts.add(prompt.id);
    if (!this.#chance.happens(ANSWERS_PROMPT)) return;
    this.#at(this.#world.time.now() + this.#chance.between(2, ANSWERS_WITHIN) * SECOND, () => this.#act('duty.presence', { prompt: prompt.id }, '', ''));
  }
}
