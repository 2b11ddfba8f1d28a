import { createHash, randomBytes } from 'node:crypto';
import { defineAgents } from '../../../desk/agents/model';
import { connectMongo } from '../../../platform/mongo/connection';
import { write } from '../inbox/seed';

/** So many agents who are signed in, written straight into the store. Answers their tokens. */
export async function signInMany(storeUrl: string, count: number): Promise<string[]> {
  const connection = await connectMongo(storeUrl);
  try {
    const models = defineAgents(connection);
    const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
    const now = new Date();
    await write(models.agents, tokens.map((_token, at) => agentOf(at, now))); // prettier-ignore
    await write(models.sessions, tokens.map((token, at) => sessionOf(token, at, now))); // prettier-ignore
    return tokens;
  } finally {
    await connection.close();
  }
}

function agentOf(at: number, now: Date) {
  const email = `bench${at}@bench.test`;
  const name = `Agent ${at}`;
  const role = 'agent' as const;
  return { _id: `ag_bench${at}`, email, emailLower: email, name, role, passwordHash: 'none', capacity: 5, statusAt: now, createdAt: now }; // prettier-ignore
}

const sessionOf = (token: string, at: number, now: Date) => ({
  _id: createHash('sha256').update(token).digest('base64url'),
  agentId: `ag_bench${at}`,
  createdAt: now,
  expiresAt: new Date(now.getTime() + 12 * 3_600_000),
});
