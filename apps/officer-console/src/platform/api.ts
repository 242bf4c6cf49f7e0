import { type ApiError, apiError } from '@sallyport/contracts';

/** An answer that is not 2xx, or none at all (`status` 0). Nothing was changed. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly issues: NonNullable<ApiError['issues']> = [],
  ) {
    super(message);
  }
}

/** How long one request may take before the screen says that the server does not answer. */
const REQUEST_TIMEOUT_MS = 15_000;

async function failureOf(response: Response): Promise<ApiFailure> {
  const parsed = apiError.safeParse(await response.json().catch(() => null));
  return parsed.success
    ? new ApiFailure(response.status, parsed.data.code, parsed.data.message, parsed.data.issues)
    : new ApiFailure(response.status, 'UNREADABLE', `The server answered ${response.status} without a readable reason.`);
}

async function request(method: string, path: string, body?: unknown): Promise<unknown> {
  const init: RequestInit = { method, credentials: 'same-origin', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS), headers: { accept: 'application/json' } };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, 'content-type': 'application/json' };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new ApiFailure(0, 'UNREACHABLE', 'The server cannot be reached.');
  }
  if (!response.ok) throw await failureOf(response);
  return response.status === 204 ? null : response.json();
}

export function getJson(path: string): Promise<unknown> {
  return request('GET', path);
}
export function postJson(path: string, body: unknown): Promise<unknown> {
  return request('POST', path, body);
}
