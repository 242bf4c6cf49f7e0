import { z } from 'zod';

/** The app family whose host serves a query (decision 11). */
export type Audience = 'cell' | 'hall' | 'console';

/** A read: GET `path`, with `:name` parameters, answered with `response`. Reads change nothing but the audit of what was shown. */
export interface QueryContract<
  Path extends string = string,
  Params extends z.ZodType = z.ZodType,
  Search extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly path: Path;
  readonly audience: Audience;
  readonly summary: string;
  readonly params: Params;
  readonly search: Search;
  readonly response: Response;
}

const nothing = z.object({});
type Nothing = typeof nothing;

/** Declares a query. Its access and its SQL stand in the server. */
export function defineQuery<
  const Path extends string,
  Response extends z.ZodType,
  Params extends z.ZodType = Nothing,
  Search extends z.ZodType = Nothing,
>(definition: {
  path: Path;
  audience: Audience;
  summary: string;
  response: Response;
  params?: Params;
  search?: Search;
}): QueryContract<Path, Params, Search, Response> {
  return { ...definition, params: definition.params ?? (nothing as unknown as Params), search: definition.search ?? (nothing as unknown as Search) };
}
export type ResponseOf<Contract extends QueryContract> = z.infer<Contract['response']>;
export type SearchOf<Contract extends QueryContract> = z.infer<Contract['search']>;
