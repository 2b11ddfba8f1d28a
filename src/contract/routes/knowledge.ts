import * as knowledge from '../knowledge';
import { listOf, pagingQuery } from '../common';
import { idParams } from '../conversations';
import { route } from './route';

export const knowledgeRoutes = {
  listArticles: route({
    method: 'get',
    path: '/articles',
    summary: 'List articles',
    allow: 'agent',
    query: knowledge.articlesQuery,
    status: 200,
    answer: listOf(knowledge.articleView),
  }),
  searchArticles: route({
    method: 'get',
    path: '/articles/search',
    summary: 'Ask a question as a customer would',
    allow: 'agent',
    query: knowledge.articleSearchQuery,
    status: 200,
    answer: knowledge.articleSearchResult,
  }),
  getArticle: route({
    method: 'get',
    path: '/articles/:id',
    summary: 'One article',
    allow: 'agent',
    params: idParams,
    status: 200,
    answer: knowledge.articleView,
  }),
  createArticle: route({
    method: 'post',
    path: '/articles',
    summary: 'Write an article',
    allow: 'supervisor',
    body: knowledge.createArticle,
    status: 201,
    answer: knowledge.articleView,
  }),
  changeArticle: route({
    method: 'patch',
    path: '/articles/:id',
    summary: 'Change an article',
    allow: 'supervisor',
    params: idParams,
    body: knowledge.changeArticle,
    status: 200,
    answer: knowledge.articleView,
  }),
  previewBot: route({
    method: 'get',
    path: '/bot/preview',
    summary: 'What the bot would do with a first message',
    allow: 'agent',
    query: knowledge.previewQuery,
    status: 200,
    answer: knowledge.botPreview,
  }),
  listFlows: route({
    method: 'get',
    path: '/flows',
    summary: 'The flows, as graphs',
    allow: 'agent',
    query: pagingQuery,
    status: 200,
    answer: listOf(knowledge.flowView),
  }),
};
