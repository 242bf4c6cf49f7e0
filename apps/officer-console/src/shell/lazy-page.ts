import { type ComponentType, lazy } from 'react';

/** A page that is fetched when it is first opened, so that the queue opens without the rest of the console. */
export function lazyPage<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) {
  return lazy(async () => ({ default: (await load())[name] }));
}
