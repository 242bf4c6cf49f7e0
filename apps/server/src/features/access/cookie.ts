/** `__Host-` binds the cookie to this host name, path / and TLS; without TLS browsers refuse the prefix. */
export function sessionCookieName(secure: boolean): string {
  return secure ? '__Host-sallyport' : 'sallyport';
}

/** The value of a cookie in a Cookie header; undefined when it is not there. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

/** The session's token in a Cookie header. Behind a proxy that ends TLS the server itself speaks plainly, yet the cookie has the prefix. */
export function sessionToken(header: string | undefined, secure: boolean): string | undefined {
  return cookieValue(header, sessionCookieName(true)) ?? (secure ? undefined : cookieValue(header, sessionCookieName(false)));
}

/** Set-Cookie that hands the token out: unreadable to scripts, sent by the console's own pages only, gone with the browser. */
export function sessionCookie(secure: boolean, token: string): string {
  return `${sessionCookieName(secure)}=${token}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** Set-Cookie that takes the token back. */
export function endedCookie(secure: boolean): string {
  return `${sessionCookieName(secure)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${secure ? '; Secure' : ''}`;
}
