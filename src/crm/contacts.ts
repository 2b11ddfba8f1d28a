import type { ContactDetail, ContactView } from '../contract/contacts';
import type { InboundAuthor } from '../domain/inbound';
import { NotFound } from '../platform/errors';
import { derivedId } from '../platform/ids';
import { Batched } from '../platform/mongo/batch/batched';
import { behind, pageOf, readCursor, type Order, type Page } from '../platform/mongo/paging';
import { searchKeys, searchTerms } from '../platform/text/search-keys';
import type { ContactRow, CrmModels, IdentityRow } from './models';

export interface ContactRef {
  id: string;
  name: string;
  /** Met just now: there is nothing of before. */
  isNew?: boolean;
}

export type ContactChange = Partial<
  Pick<ContactRow, 'name' | 'language' | 'timeZone' | 'email' | 'phone' | 'company' | 'about' | 'tags'>
>;

/** People, and the identities under which our accounts know them. */
export class Contacts {
  private readonly contacts: Batched<ContactRow>;
  private readonly identities: Batched<IdentityRow>;

  constructor(private readonly models: CrmModels) {
    this.contacts = new Batched(models.contacts);
    this.identities = new Batched(models.identities);
  }

  /** The contact behind an identity, made at their first message. Safe to repeat and to race. */
  async ensure(identityId: string, author: InboundAuthor, accountId: string, at: Date): Promise<ContactRef> {
    const identity = await this.identities.byId(identityId);
    if (!identity) return this.meet(identityId, author, accountId, at);
    const contact = await this.contacts.byId(identity.contactId);
    return { id: identity.contactId, name: contact?.name ?? nameOf(author) };
  }

  async unsubscribed(identityId: string, at: Date): Promise<void> {
    await this.models.identities.updateOne({ _id: identityId }, { $set: { unsubscribedAt: at } });
    await this.recordConsent(identityId, false, 'unsubscribed', at);
  }

  /** STOP, TD, 退订: obeyed for everything but service. */
  async recordConsent(identityId: string, given: boolean, cause: string, at: Date): Promise<void> {
    const _id = derivedId('cs', identityId, 'marketing');
    await this.models.consents.updateOne(
      { _id },
      { $set: { identityId, purpose: 'marketing', channel: 'any', given, cause, at } },
      { upsert: true },
    );
  }

  /** Notes that something happened with this person; `key` keeps a repeat from counting twice. */
  async recordFact(
    contactId: string,
    fact: { key: string; kind: string; at: Date; data?: Record<string, unknown> },
  ) {
    const _id = derivedId('fc', contactId, fact.key);
    const { kind, at, data = {} } = fact;
    await this.models.facts.updateOne(
      { _id },
      { $setOnInsert: { contactId, kind, at, data } },
      { upsert: true },
    );
  }

  /** What SLA and routing ask about a person; their tags today. */
  async segmentsOf(contactId: string): Promise<string[]> {
    const contact = await this.models.contacts.findById(contactId).select('tags').lean();
    return contact?.tags ?? [];
  }

  find(id: string): Promise<ContactRow | null> {
    return this.models.contacts.findById(id).lean();
  }

  async get(id: string): Promise<ContactDetail> {
    const contact = await this.models.contacts.findById(id).lean();
    if (!contact) throw new NotFound(`No contact ${id}.`);
    const identities = await this.models.identities.find({ contactId: id }).lean();
    return { ...toContactView(contact), identities: identities.map(toIdentityView) };
  }

  async list(query: { q?: string; cursor?: string; limit: number }): Promise<Page<ContactView>> {
    const after = readCursor(query.cursor);
    const rows = await this.models.contacts
      .find({
        workspace: 'live',
        ...(query.q && { searchKeys: { $all: searchTerms(query.q) } }),
        ...(after && behind(after, latestFirst)),
      })
      .sort(latestFirst)
      .limit(query.limit + 1)
      .lean();
    return pageOf(rows, query.limit, (row) => ({ at: row.updatedAt, id: row._id }), toContactView);
  }

  async change(id: string, change: ContactChange, at: Date): Promise<ContactDetail> {
    const keys = change.name === undefined ? {} : { searchKeys: searchKeys(change.name) };
    await this.models.contacts.updateOne({ _id: id }, { $set: { ...change, ...keys, updatedAt: at } });
    return this.get(id);
  }

  private async meet(
    identityId: string,
    author: InboundAuthor,
    accountId: string,
    at: Date,
  ): Promise<ContactRef> {
    const name = nameOf(author);
    const contactId = derivedId('ct', identityId);
    const { network, externalId, platformId, followers, language } = author;
    const identity: IdentityRow = {
      _id: identityId,
      contactId,
      network,
      accountScope: accountId,
      externalId,
      platformId,
      name: author.name,
      followers,
      unsubscribedAt: null,
      createdAt: at,
    };
    const searched = { searchKeys: searchKeys(name), createdAt: at, updatedAt: at };
    const isNew = await this.contacts.insert({ ...unknown, ...searched, _id: contactId, name, language });
    // Whoever finds the identity finds its contact: it comes second.
    await this.identities.insert(identity);
    return { id: contactId, name, isNew };
  }
}

const latestFirst: Order = { updatedAt: -1, _id: -1 };

const unknown = {
  timeZone: null,
  email: null,
  phone: null,
  company: null,
  about: null,
  tags: [],
  workspace: 'live' as const,
};

/** What people call those of whom a network tells no name. */
const nameless: Record<string, string> = { wechat: 'WeChat', telegram: 'Telegram', webchat: 'Visitor' };

const nameOf = ({ name, network, externalId }: InboundAuthor): string =>
  name?.trim().slice(0, 100) || `${nameless[network] ?? network} ${externalId.slice(-6)}`;

export const toContactView = (row: ContactRow): ContactView => ({
  id: row._id,
  name: row.name,
  language: row.language,
  timeZone: row.timeZone,
  email: row.email,
  phone: row.phone,
  company: row.company,
  about: row.about,
  tags: row.tags,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

const toIdentityView = (row: IdentityRow) => ({
  id: row._id,
  network: row.network,
  accountId: row.accountScope,
  externalId: row.externalId,
  platformId: row.platformId,
  name: row.name,
  createdAt: row.createdAt.toISOString(),
});
