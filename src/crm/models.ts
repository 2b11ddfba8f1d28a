import { Schema, type Connection, type Model } from 'mongoose';

export interface ContactRow {
  _id: string;
  name: string;
  language: string | null;
  timeZone: string | null;
  email: string | null;
  phone: string | null;
  company: string | null;
  about: string | null;
  tags: string[];
  searchKeys: string[];
  workspace: 'live' | 'training';
  createdAt: Date;
  updatedAt: Date;
}

export interface IdentityRow {
  /** Derived from account and external id. */
  _id: string;
  contactId: string;
  network: string;
  accountScope: string;
  externalId: string;
  /** The id across accounts (unionid), where the platform tells one. */
  platformId: string | null;
  name: string | null;
  followers: number | null;
  /** Blocked us, or no longer follows. */
  unsubscribedAt: Date | null;
  createdAt: Date;
}

export interface ConsentRow {
  /** Derived from identity, purpose and channel. */
  _id: string;
  identityId: string;
  purpose: string;
  channel: string;
  given: boolean;
  cause: string;
  at: Date;
}

export interface FactRow {
  _id: string;
  contactId: string;
  kind: string;
  at: Date;
  data: Record<string, unknown>;
}

export interface CrmModels {
  contacts: Model<ContactRow>;
  identities: Model<IdentityRow>;
  consents: Model<ConsentRow>;
  facts: Model<FactRow>;
}

export function defineCrm(connection: Connection): CrmModels {
  return {
    contacts: connection.model<ContactRow>('Contact', contactSchema, 'contacts'),
    identities: connection.model<IdentityRow>('Identity', identitySchema, 'identities'),
    consents: connection.model<ConsentRow>('Consent', consentSchema, 'consents'),
    facts: connection.model<FactRow>('Fact', factSchema, 'facts'),
  };
}

const required = { type: String, required: true };
const optional = { type: String, default: null };
const time = { type: Date, required: true };
const options = { versionKey: false as const, minimize: false };

const contactSchema = new Schema<ContactRow>(
  {
    _id: required,
    name: required,
    language: optional,
    timeZone: optional,
    email: optional,
    phone: optional,
    company: optional,
    about: optional,
    tags: { type: [String], default: [] },
    searchKeys: { type: [String], default: [] },
    workspace: { type: String, default: 'live' },
    createdAt: time,
    updatedAt: time,
  },
  options,
);
contactSchema.index({ workspace: 1, updatedAt: -1, _id: -1 });
contactSchema.index({ searchKeys: 1, updatedAt: -1, _id: -1 });

const identitySchema = new Schema<IdentityRow>(
  {
    _id: required,
    contactId: required,
    network: required,
    accountScope: required,
    externalId: required,
    platformId: optional,
    name: optional,
    followers: { type: Number, default: null },
    unsubscribedAt: { type: Date, default: null },
    createdAt: time,
  },
  options,
);
identitySchema.index({ network: 1, accountScope: 1, externalId: 1 }, { unique: true });
identitySchema.index({ contactId: 1 });

const consentSchema = new Schema<ConsentRow>(
  {
    _id: required,
    identityId: required,
    purpose: required,
    channel: required,
    given: { type: Boolean, required: true },
    cause: required,
    at: time,
  },
  options,
);
consentSchema.index({ identityId: 1 });

const factSchema = new Schema<FactRow>(
  {
    _id: required,
    contactId: required,
    kind: required,
    at: time,
    data: { type: Schema.Types.Mixed, default: {} },
  },
  options,
);
factSchema.index({ contactId: 1, at: -1 });
