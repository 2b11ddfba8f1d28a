import { Schema, type Connection, type Model } from 'mongoose';
import type { AgentStatus, Role } from '../../domain/role';
import { indexPendingEvents, pendingEventsFields, type EventCarrier } from '../../platform/events/pending';

export interface AgentRow extends EventCarrier {
  _id: string;
  email: string;
  emailLower: string;
  name: string;
  role: Role;
  passwordHash: string;
  skills: string[];
  languages: string[];
  capacity: number;
  status: AgentStatus;
  statusAt: Date;
  /** When they last got a conversation: the longest idle is next. */
  lastAssignedAt: Date | null;
  missedOffers: number;
  enabled: boolean;
  version: number;
  createdAt: Date;
}

export interface TeamRow {
  _id: string;
  name: string;
  memberIds: string[];
}

export interface SessionRow {
  /** The token's hash: who reads the store cannot sign in with it. */
  _id: string;
  agentId: string;
  expiresAt: Date;
  createdAt: Date;
}

/** How long someone was online, busy, away: one row for each stretch. */
export interface StatusIntervalRow {
  _id: string;
  agentId: string;
  status: AgentStatus;
  from: Date;
  to: Date | null;
}

export interface AuditRow {
  _id: string;
  agentId: string | null;
  act: string;
  target: string | null;
  details: Record<string, unknown>;
  at: Date;
}

export interface AgentModels {
  agents: Model<AgentRow>;
  teams: Model<TeamRow>;
  sessions: Model<SessionRow>;
  intervals: Model<StatusIntervalRow>;
  audit: Model<AuditRow>;
}

export function defineAgents(connection: Connection): AgentModels {
  return {
    agents: connection.model<AgentRow>('Agent', agentSchema, 'agents'),
    teams: connection.model<TeamRow>('Team', teamSchema, 'teams'),
    sessions: connection.model<SessionRow>('Session', sessionSchema, 'sessions'),
    intervals: connection.model<StatusIntervalRow>('StatusInterval', intervalSchema, 'status_intervals'),
    audit: connection.model<AuditRow>('Audit', auditSchema, 'audit'),
  };
}

const required = { type: String, required: true };
const time = { type: Date, required: true };
const moment = { type: Date, default: null };
const options = { versionKey: false as const, minimize: false };

const agentSchema = new Schema<AgentRow>(
  {
    _id: required,
    email: required,
    emailLower: required,
    name: required,
    role: required,
    passwordHash: required,
    skills: { type: [String], default: [] },
    languages: { type: [String], default: [] },
    capacity: { type: Number, default: 5 },
    status: { type: String, default: 'offline' },
    statusAt: time,
    lastAssignedAt: moment,
    missedOffers: { type: Number, default: 0 },
    enabled: { type: Boolean, default: true },
    version: { type: Number, default: 1 },
    createdAt: time,
    ...pendingEventsFields,
  },
  options,
);
agentSchema.index({ emailLower: 1 }, { unique: true });
agentSchema.index({ status: 1 });
indexPendingEvents(agentSchema);

const teamSchema = new Schema<TeamRow>(
  { _id: required, name: required, memberIds: { type: [String], default: [] } },
  options,
);
teamSchema.index({ memberIds: 1 });

const sessionSchema = new Schema<SessionRow>(
  { _id: required, agentId: required, expiresAt: time, createdAt: time },
  options,
);
sessionSchema.index({ agentId: 1 });
sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const intervalSchema = new Schema<StatusIntervalRow>(
  { _id: required, agentId: required, status: required, from: time, to: moment },
  options,
);
intervalSchema.index({ agentId: 1, from: -1 });

const auditSchema = new Schema<AuditRow>(
  {
    _id: required,
    agentId: { type: String, default: null },
    act: required,
    target: { type: String, default: null },
    details: { type: Schema.Types.Mixed, default: {} },
    at: time,
  },
  options,
);
auditSchema.index({ at: -1 });
