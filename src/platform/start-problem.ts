interface SystemError {
  code?: string;
  syscall?: string;
  address?: string;
  port?: number;
  name?: string;
  message?: string;
}

/** Why the server could not start, in one line that says what to change. */
export function startProblem(error: unknown): string {
  const { code, syscall, address, port, name, message } = (error ?? {}) as SystemError;
  if (syscall === 'listen' && code === 'EADDRINUSE')
    return `Port ${port} of ${address} is in use by another program. Stop it, or set PORT (SANDBOX_PORT, METRICS_PORT) to a free one.`;
  if (syscall === 'listen' && code === 'EACCES')
    return `Port ${port} may not be opened by this user. Set PORT to one above 1023.`;
  if (syscall === 'listen') return `HOST: ${address} is no address of this machine (${code}).`;
  if (name?.startsWith('Mongo')) return `MONGODB_URL: the store cannot be reached (${message}).`;
  return oneLine(message ?? String(error));
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');
