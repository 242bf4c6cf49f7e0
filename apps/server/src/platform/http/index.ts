export * from './create.js';
export { APP_OF, type Family, createFamilyOf, isOwnOrigin } from './families.js';
export * from './health.js';
export { LIMITS, type Limiter, type LimitName } from './limits.js';
export { Problem, type ProblemBody } from './problem.js';
export type { Http, HttpContext } from './types.js';
export { createWebBuild, type WebBuild } from './web-build.js';
