import * as tickets from '../tickets';
import { listOf, pagingQuery } from '../common';
import { idParams } from '../conversations';
import { route } from './route';

export const ticketRoutes = {
  listTickets: route({
    method: 'get',
    path: '/tickets',
    summary: 'List tickets, newest first',
    allow: 'agent',
    query: tickets.ticketsQuery,
    status: 200,
    answer: listOf(tickets.ticketView),
  }),
  createTicket: route({
    method: 'post',
    path: '/tickets',
    summary: 'Open a ticket',
    allow: 'agent',
    body: tickets.createTicket,
    status: 201,
    answer: tickets.ticketView,
  }),
  getTicket: route({
    method: 'get',
    path: '/tickets/:id',
    summary: 'One ticket',
    allow: 'agent',
    params: idParams,
    status: 200,
    answer: tickets.ticketView,
  }),
  changeTicket: route({
    method: 'patch',
    path: '/tickets/:id',
    summary: 'Change a ticket',
    allow: 'agent',
    params: idParams,
    body: tickets.changeTicket,
    status: 200,
    answer: tickets.ticketView,
  }),
  ticketHistory: route({
    method: 'get',
    path: '/tickets/:id/history',
    summary: 'All that happened to it, oldest first',
    allow: 'agent',
    params: idParams,
    query: pagingQuery,
    status: 200,
    answer: listOf(tickets.ticketEventView),
  }),
};
