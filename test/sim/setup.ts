import { makeTemplate } from './template.js';

/** Where the processes that run the seeds find the template. */
export const TEMPLATE_VARIABLE = 'SIM_TEMPLATE';

/** One template for the whole run; a run within a larger one takes over its template. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env[TEMPLATE_VARIABLE]) return () => Promise.resolve();
  const { template, end } = await makeTemplate();
  process.env[TEMPLATE_VARIABLE] = JSON.stringify(template);
  return end;
}
