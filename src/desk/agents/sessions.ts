import { hash, verify } from '@node-rs/argon2';
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../platform/clock';
import { Forbidden, Unauthorized } from '../../platform/errors';
import type { Session } from '../../platform/http/api';
import { Batcher } from '../../platform/mongo/batch/batcher';
import type { GuessFrom, GuessLimits } from './guess-limits';
import type { AgentModels, AgentRow, SessionRow } from './model';

export const sessionMs = 12 * 3_600_000;
/** Written again at most this often, so that reading costs no write. */
const slideMs = 10 * 60_000;

const mostOwners = 10_000;

interface Parts {
  models: AgentModels;
  clock: Clock;
  guesses: GuessLimits;
  /** Open consoles of these sessions must close. */
  onSessionsEnded(ended: EndedSessions): void;
}

/** Which sessions of an agent have ended: one, all but one, or all. */
export interface EndedSessions {
  agentId: string;
  only?: string;
  except?: string;
}

/** A session, whose it is, and their teams. */
interface Found {
  session: SessionRow;
  agent: Pick<AgentRow, '_id' | 'role' | 'name'>;
  teamIds: string[];
}

/** Who is signed in. A token is 256 random bits; the store knows only its hash. */
export class Sessions {
  private dummyHash: Promise<string> | null = null;
  /** The agents of sessions that were seen: a hint of what to read, never an answer. */
  private readonly owners = new Map<string, string>();
  private readonly found = new Batcher<string, Found | null>(async (hashes) =>
    (await this.findAll(hashes)).map((result) => ({ result })),
  );

  constructor(private readonly parts: Parts) {}

  /** @throws Unauthorized alike for an unknown address and a wrong password; TooManyRequests after ten failures. */
  async signIn(email: string, password: string, from: GuessFrom) {
    const emailLower = email.trim().toLowerCase();
    const { guesses } = this.parts;
    const agent = await guesses.guess(emailLower, from, () => this.check(emailLower, password));
    return { token: await this.openFor(agent), agent, device: guesses.deviceFor(emailLower) };
  }

  /** A password that was changed while it was checked opens nothing: whoever changed it has ended all sessions there were. */
  private async openFor({ _id, passwordHash }: AgentRow): Promise<string> {
    const token = await this.open(_id);
    const { agents, sessions } = this.parts.models;
    if (await agents.exists({ _id, passwordHash, enabled: true })) return token;
    await sessions.deleteOne({ _id: hashOf(token) });
    throw new Unauthorized('The address or the password is wrong.');
  }

  private async check(emailLower: string, password: string): Promise<AgentRow> {
    const agent = await this.parts.models.agents.findOne({ emailLower }).lean();
    // An unknown address takes as long as a wrong password.
    const isRight = await verify(agent?.passwordHash ?? (await this.dummy()), password);
    if (!agent?.enabled || !isRight) throw new Unauthorized('The address or the password is wrong.');
    return agent;
  }

  /** Null when the token is not, or no longer, good. Consoles that all come back at once share round trips. */
  async authenticate(token: string): Promise<Session | null> {
    const { models, clock } = this.parts;
    const now = clock.now();
    const tokenHash = hashOf(token);
    const found = await this.found.do(tokenHash);
    if (!found || found.session.expiresAt <= now) return null;
    const expiresAt = new Date(now.getTime() + sessionMs);
    if (expiresAt.getTime() - found.session.expiresAt.getTime() > slideMs)
      await models.sessions.updateOne({ _id: tokenHash }, { $set: { expiresAt } });
    return toSession(found);
  }

  /** Those of these sessions that still stand, as they are now. Looking at them does not prolong them. */
  async standing(tokenHashes: string[]): Promise<Map<string, Session>> {
    const found = await this.findAll([...new Set(tokenHashes)]);
    const now = this.parts.clock.now();
    const good = found.flatMap((one) => (one && one.session.expiresAt > now ? toSession(one) : []));
    return new Map(good.map((session) => [session.tokenHash, session]));
  }

  /** Whose a session is never changes, so with a known one all three are read in one step; each is read anew. */
  private async findAll(hashes: string[]): Promise<(Found | null)[]> {
    const expected = new Set(hashes.flatMap((hash) => this.owners.get(hash) ?? []));
    const [sessions, known] = await Promise.all([
      this.parts.models.sessions.find({ _id: { $in: [...new Set(hashes)] } }).lean(),
      this.people([...expected]),
    ]);
    this.remember(sessions);
    const others = new Set(sessions.map(({ agentId }) => agentId).filter((id) => !expected.has(id)));
    const unknown = await this.people([...others]);
    const teams = [...known.teams, ...unknown.teams];
    const byHash = new Map(sessions.map((session) => [session._id, session]));
    const byId = new Map([...known.agents, ...unknown.agents].map((agent) => [agent._id, agent]));
    return hashes.map((hash) => {
      const session = byHash.get(hash);
      const agent = session && byId.get(session.agentId);
      if (!agent) return null;
      const theirs = teams.filter(({ memberIds }) => memberIds.includes(agent._id));
      return { session, agent, teamIds: [...new Set(theirs.map(({ _id }) => _id))] };
    });
  }

  private async people(ids: string[]) {
    if (ids.length === 0) return { agents: [], teams: [] };
    const { models } = this.parts;
    const [agents, teams] = await Promise.all([
      models.agents
        .find({ _id: { $in: ids }, enabled: true })
        .select('role name')
        .lean(),
      models.teams
        .find({ memberIds: { $in: ids } })
        .select('memberIds')
        .lean(),
    ]);
    return { agents, teams };
  }

  private remember(sessions: SessionRow[]): void {
    for (const { _id, agentId } of sessions) this.owners.set(_id, agentId);
    for (const oldest of this.owners.keys()) {
      if (this.owners.size <= mostOwners) return;
      this.owners.delete(oldest);
    }
  }

  async signOut(session: Session): Promise<void> {
    await this.parts.models.sessions.deleteOne({ _id: session.tokenHash });
    this.parts.onSessionsEnded({ agentId: session.viewer.agentId, only: session.tokenHash });
  }

  /** All other sessions of this agent end. Who found a console open must not learn its password by guessing here. */
  async changePassword(session: Session, current: string, next: string): Promise<void> {
    const { agentId } = session.viewer;
    const { agents } = this.parts.models;
    const wrong = () => new Forbidden('The current password is wrong.', 'wrong_password');
    const passwordHash = await this.parts.guesses.guess(agentId, null, async () => {
      const agent = await agents.findById(agentId).lean();
      if (!agent || !(await verify(agent.passwordHash, current))) throw wrong();
      return agent.passwordHash;
    });
    // Of two at once the first counts: the other's is no longer the current one.
    const change = { $set: { passwordHash: await hash(next) } };
    const { matchedCount } = await agents.updateOne({ _id: agentId, passwordHash }, change);
    if (matchedCount === 0) throw wrong();
    await this.endOthers(agentId, session.tokenHash);
  }

  async endOthers(agentId: string, exceptTokenHash?: string): Promise<void> {
    const others = { agentId, ...(exceptTokenHash && { _id: { $ne: exceptTokenHash } }) };
    await this.parts.models.sessions.deleteMany(others);
    this.parts.onSessionsEnded({ agentId, except: exceptTokenHash });
  }

  private async open(agentId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const createdAt = this.parts.clock.now();
    const expiresAt = new Date(createdAt.getTime() + sessionMs);
    await this.parts.models.sessions.insertMany([{ _id: hashOf(token), agentId, createdAt, expiresAt }]);
    return token;
  }

  private dummy(): Promise<string> {
    this.dummyHash ??= hash(randomBytes(16).toString('hex'));
    return this.dummyHash;
  }
}

const toSession = ({ session, agent, teamIds }: Found): Session => ({
  viewer: { agentId: agent._id, role: agent.role, teamIds },
  tokenHash: session._id,
  name: agent.name,
});

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
