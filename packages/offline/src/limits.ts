import type { BATCH_LIMIT } from '@sallyport/contracts';

/** The contract's batch limit, held equal by the type so that the schema library stays out of the terminal's first page. */
export const BATCH_LIMIT_VALUE: typeof BATCH_LIMIT = 50;
