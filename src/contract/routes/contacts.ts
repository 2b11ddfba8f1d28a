import * as contacts from '../contacts';
import { listOf, pagingQuery } from '../common';
import { idParams } from '../conversations';
import { route } from './route';

export const contactRoutes = {
  listContacts: route({
    method: 'get',
    path: '/contacts',
    summary: 'List or search contacts',
    allow: 'agent',
    query: contacts.contactsQuery,
    status: 200,
    answer: listOf(contacts.contactView),
  }),
  getContact: route({
    method: 'get',
    path: '/contacts/:id',
    summary: 'One contact with the identities',
    allow: 'agent',
    params: idParams,
    status: 200,
    answer: contacts.contactDetail,
  }),
  changeContact: route({
    method: 'patch',
    path: '/contacts/:id',
    summary: 'Change a contact',
    allow: 'agent',
    params: idParams,
    body: contacts.changeContact,
    status: 200,
    answer: contacts.contactDetail,
  }),
  contactTimeline: route({
    method: 'get',
    path: '/contacts/:id/timeline',
    summary: 'Conversations and tickets across channels, newest first',
    allow: 'agent',
    params: idParams,
    query: pagingQuery,
    status: 200,
    answer: listOf(contacts.timelineItem),
  }),
};
