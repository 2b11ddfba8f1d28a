import { hash } from '@node-rs/argon2';
import type { UpdateQuery } from 'mongoose';
import type { AgentView, TeamView } from '../../contract/agents';
import type { AgentStatus, Role } from '../../domain/role';
import type { Candidate } from '../../domain/routing';
import type { Clock } from '../../platform/clock';
import { Conflict, InvalidInput, NotFound } from '../../platform/errors';
import { pendingEvent } from '../../platform/events/pending';
import { derivedId, newId } from '../../platform/ids';
import { isDuplicateKey } from '../../platform/mongo/connection';
import type { AgentModels, AgentRow, TeamRow } from './model';

export interface NewAgent {
  email: string;
  password: string;
  name: string;
  role: Role;
  skills: string[];
  languages: string[];
  capacity: number;
}
export type AgentChange = Partial<
  Pick<AgentRow, 'name' | 'role' | 'skills' | 'languages' | 'capacity' | 'enabled'>
> & { password?: string };

interface Parts {
  models: AgentModels;
  clock: Clock;
  /** How many conversations an agent owns now. */
  loadOf(agentId: string): Promise<number>;
  changed(): void;
  /** Rights changed: open consoles must connect again, or end. */
  onRightsChanged(agentId: string, sessionsEnd: boolean): Promise<void>;
}

/** The people of the desk and their teams. */
export class Agents {
  constructor(private readonly parts: Parts) {}

  byId(id: string): Promise<AgentRow | null> {
    return this.parts.models.agents.findById(id).lean();
  }

  /** @throws InvalidInput: someone gave an id that is nobody's. */
  async requireEnabled(id: string): Promise<AgentRow> {
    const agent = await this.byId(id);
    if (!agent?.enabled) throw new InvalidInput(`No agent ${id}.`);
    return agent;
  }

  async requireTeam(id: string): Promise<TeamRow> {
    const team = await this.parts.models.teams.findById(id).lean();
    if (!team) throw new InvalidInput(`No team ${id}.`);
    return team;
  }

  /** @throws NotFound for a team that was asked for by its address. */
  async findTeam(id: string): Promise<void> {
    if (!(await this.parts.models.teams.exists({ _id: id }))) throw new NotFound(`No team ${id}.`);
  }

  async list(): Promise<AgentView[]> {
    const agents = await this.parts.models.agents.find().sort({ name: 1 }).lean();
    return Promise.all(agents.map((agent) => this.view(agent)));
  }

  async view(agent: AgentRow): Promise<AgentView> {
    const teams = await this.parts.models.teams.find({ memberIds: agent._id }).select('_id').lean();
    const { email, name, role, skills, languages, capacity, status, enabled } = agent;
    return {
      id: agent._id,
      email,
      name,
      role,
      skills,
      languages,
      capacity,
      teamIds: teams.map((team) => team._id),
      status,
      statusAt: agent.statusAt.toISOString(),
      load: await this.parts.loadOf(agent._id),
      enabled,
    };
  }

  async create(fresh: NewAgent, id = newId('ag')): Promise<AgentView> {
    const now = this.parts.clock.now();
    const { password, ...fields } = fresh;
    try {
      await this.parts.models.agents.create([
        {
          ...fields,
          _id: id,
          emailLower: fresh.email.toLowerCase(),
          passwordHash: await hash(password),
          statusAt: now,
          createdAt: now,
        },
      ]);
    } catch (error) {
      if (isDuplicateKey(error)) throw new Conflict('email_taken', `${fresh.email} is an agent already.`);
      throw error;
    }
    return this.tell(id);
  }

  async change(id: string, { password, ...change }: AgentChange): Promise<AgentView> {
    const before = await this.byId(id);
    if (!before) throw new NotFound(`No agent ${id}.`);
    await this.requireAnAdmin(before, change);
    const secret = password ? { passwordHash: await hash(password) } : {};
    await this.parts.models.agents.updateOne(
      { _id: id },
      { $set: { ...change, ...secret }, $inc: { version: 1 } },
    );
    const sessionsEnd = Boolean(password) || change.enabled === false;
    if (sessionsEnd || (change.role && change.role !== before.role))
      await this.parts.onRightsChanged(id, sessionsEnd);
    return this.tell(id);
  }

  async changeStatus(id: string, status: AgentStatus): Promise<AgentView> {
    const { models, clock } = this.parts;
    const now = clock.now();
    const before = await models.agents
      .findOneAndUpdate(
        { _id: id },
        { $set: { status, statusAt: now, missedOffers: 0 }, $inc: { version: 1 } },
      )
      .lean();
    if (!before) throw new NotFound(`No agent ${id}.`);
    if (before.status !== status) {
      await models.intervals.updateMany({ agentId: id, to: null }, { $set: { to: now } });
      await models.intervals.insertMany([{ _id: newId('si'), agentId: id, status, from: now }]);
    }
    return this.tell(id);
  }

  /** The longest idle is next: so note who just got one. */
  async noteAssigned(id: string): Promise<void> {
    const lastAssignedAt = this.parts.clock.now();
    await this.parts.models.agents.updateOne({ _id: id }, { $set: { lastAssignedAt, missedOffers: 0 } });
  }

  /** One more offer let pass. Answers how many in a row. */
  async noteMissed(id: string): Promise<number> {
    const agent = await this.parts.models.agents
      .findOneAndUpdate({ _id: id }, { $inc: { missedOffers: 1 } }, { returnDocument: 'after' })
      .lean();
    return agent?.missedOffers ?? 0;
  }

  /** Everybody who might take something now. */
  async available(): Promise<Candidate[]> {
    const online = await this.parts.models.agents.find({ status: 'online', enabled: true }).lean();
    return Promise.all(
      online.map(async (agent) => {
        const { teamIds, load } = await this.view(agent);
        const { skills, languages, capacity, status, lastAssignedAt } = agent;
        return { id: agent._id, status, skills, languages, teamIds, capacity, load, lastAssignedAt };
      }),
    );
  }

  async teams(): Promise<TeamView[]> {
    const teams = await this.parts.models.teams.find().sort({ name: 1 }).lean();
    return teams.map(toTeamView);
  }

  async createTeam(team: { id: string; name: string; memberIds: string[] }): Promise<TeamView> {
    const row = { _id: team.id, name: team.name, memberIds: team.memberIds };
    try {
      await this.parts.models.teams.create([row]);
    } catch (error) {
      if (isDuplicateKey(error)) throw new Conflict('id_taken', `There is a team ${team.id} already.`);
      throw error;
    }
    await this.tellOfTeams(team.memberIds);
    return toTeamView(row);
  }

  async changeTeam(id: string, change: { name?: string; memberIds?: string[] }): Promise<TeamView> {
    const before = await this.parts.models.teams.findOneAndUpdate({ _id: id }, { $set: change }).lean();
    if (!before) throw new NotFound(`No team ${id}.`);
    const { memberIds } = change;
    const touched = memberIds
      ? [...before.memberIds, ...memberIds].filter(
          (agentId) => before.memberIds.includes(agentId) !== memberIds.includes(agentId),
        )
      : [];
    await this.tellOfTeams(touched);
    return toTeamView({ ...before, ...change });
  }

  /** Puts the configured people in place, once: what the console changed stays. */
  async seed(agents: NewAgent[], teams: { id: string; name: string; members: string[] }[]): Promise<void> {
    for (const agent of agents) {
      const emailLower = agent.email.toLowerCase();
      const known = await this.parts.models.agents.exists({ emailLower });
      if (!known) await this.create(agent, derivedId('ag', emailLower)).catch(ignoreConflict);
    }
    for (const team of teams) {
      const emails = team.members.map((email) => email.toLowerCase());
      const members = await this.parts.models.agents
        .find({ emailLower: { $in: emails } })
        .select('_id')
        .lean();
      const fields = { name: team.name, memberIds: members.map((member) => member._id) };
      await this.parts.models.teams.updateOne({ _id: team.id }, { $setOnInsert: fields }, { upsert: true });
    }
  }

  /** Other teams are other rights. */
  private async tellOfTeams(agentIds: string[]): Promise<void> {
    const members = await this.parts.models.agents
      .find({ _id: { $in: agentIds } })
      .select('_id')
      .lean();
    for (const { _id } of members) {
      await this.parts.onRightsChanged(_id, false);
      await this.tell(_id);
    }
  }

  private async tell(id: string): Promise<AgentView> {
    const row = await this.byId(id);
    if (!row) throw new NotFound(`No agent ${id}.`);
    const agent = await this.view(row);
    const at = this.parts.clock.now();
    const event = pendingEvent(
      'agent:updated',
      { agent },
      { teamId: null, agentIds: [] },
      { id: newId('ev'), at },
    );
    const update = { $set: { relayAt: at }, $push: { pendingEvents: { $each: [event] } } };
    await this.parts.models.agents.updateOne({ _id: id }, update as unknown as UpdateQuery<AgentRow>);
    this.parts.changed();
    return agent;
  }

  /** Takes an admin's rights away, if another one stays: somebody must be able to let the others in again. */
  private async requireAnAdmin({ _id, role, enabled }: AgentRow, change: AgentChange): Promise<void> {
    const rights = { role: change.role ?? role, enabled: change.enabled ?? enabled };
    if (!isAdmin({ role, enabled }) || isAdmin(rights)) return;
    const { agents } = this.parts.models;
    const requireAnother = async () => {
      if (!(await agents.exists({ role: 'admin', enabled: true, _id: { $ne: _id } })))
        throw new Conflict('last_admin', 'This is the last admin.');
    };
    await requireAnother();
    await agents.updateOne({ _id }, { $set: rights });
    // Of two who go at once each saw the other before, so the later of them sees now that nobody is left.
    await requireAnother().catch(async (error: unknown) => {
      await agents.updateOne({ _id }, { $set: { role, enabled } });
      throw error;
    });
  }
}

const isAdmin = ({ role, enabled }: Pick<AgentRow, 'role' | 'enabled'>): boolean =>
  role === 'admin' && enabled;

const toTeamView = (row: TeamRow): TeamView => ({ id: row._id, name: row.name, memberIds: row.memberIds });

function ignoreConflict(error: unknown): void {
  if (!(error instanceof Conflict)) throw error;
}
