import { ok, problem, type Finding } from './finding';

export interface AccountToCheck {
  id: string;
  configuration: Record<string, unknown>;
  webhookUrl: string;
}

/** What the platform says of the credentials. */
export async function credentialFinding(
  id: string,
  ask: () => Promise<string>,
  mend: (error: Error) => string,
): Promise<Finding> {
  try {
    return ok(`account ${id}`, await ask());
  } catch (error) {
    return problem(`account ${id}`, (error as Error).message, mend(error as Error));
  }
}

/** Asks our own webhook as the platform would; null when no server answers, which is told elsewhere. */
export async function askWebhook(
  url: string,
  init: RequestInit,
): Promise<{ status: number; body: string } | null> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(5_000), redirect: 'manual' });
    return { status: answer.status, body: await answer.text() };
  } catch {
    return null;
  }
}

export const notOurs = (id: string, status: number, url: string): Finding =>
  problem(
    `account ${id}`,
    `its webhook ${url} answers ${status}`,
    'restart Parley with this configuration, and see that PARLEY_PUBLIC_URL leads to it',
  );
