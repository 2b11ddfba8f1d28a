import { loadFlows } from '../../bot';
import type { Flow } from '../../bot/flows/schema';
import { readArticleFiles } from '../../knowledge/article-files';
import type { Config } from '../../platform/config';
import { ok, problem, warning, type Finding } from './finding';

/** Every file below the folder of articles. */
export function articleFindings({ knowledgeBase }: Pick<Config, 'knowledgeBase'>): Finding[] {
  const { files, problems } = readArticleFiles(knowledgeBase);
  const bad = problems.map(({ file, message }) =>
    problem('articles', `${file}: ${message}`, 'correct its front matter: title, variants, language, tags'),
  );
  if (files.length === 0)
    return [...bad, warning('articles', `none in ${knowledgeBase}`, 'write one: the bot knows no answer')];
  const languages = [...new Set(files.map(({ language }) => language))].sort();
  return [...bad, ok('articles', `${files.length} in ${languages.join(', ')}`)];
}

/** Every flow, its steps, and what its calls need of the configuration. */
export function flowFindings({ flows: folder, actions }: Pick<Config, 'flows' | 'actions'>): Finding[] {
  const { flows, problems } = loadFlows(folder);
  const findings = problems.map(({ file, message }) =>
    problem('flows', `${file}: ${message}`, 'correct the step; docs/flows.md has every kind'),
  );
  const twice = flows.filter(({ id }, index) => flows.findIndex((flow) => flow.id === id) < index);
  findings.push(...twice.map(({ id }) => problem('flows', `the id ${id} stands twice`, 'rename one')));
  findings.push(...flows.flatMap((flow) => callFindings(flow, actions)));
  if (flows.length === 0) return [...findings, ok('flows', 'none: only articles answer')];
  return [...findings, ok('flows', flows.map(({ id }) => id).join(', '))];
}

function callFindings(flow: Flow, { allow, orderApi }: Config['actions']): Finding[] {
  return Object.entries(flow.steps).flatMap(([id, step]) => {
    if (step.kind !== 'call') return [];
    const where = `${flow.id}.${id} calls ${step.url}`;
    if (step.url.includes('{config.orderApi}') && !orderApi)
      return [problem('flows', `${where}, and actions.orderApi is not set`, 'set actions.orderApi')];
    const url = step.url.replace('{config.orderApi}', orderApi ?? '');
    if (!URL.canParse(url)) return [problem('flows', `${where}, which is no address`, 'correct the url')];
    const { origin, protocol } = new URL(url);
    if (allow.some((allowed) => new URL(allowed).origin === origin) || protocol === 'https:') return [];
    return [
      warning(
        'flows',
        `${where}: refused where the host is not public`,
        `add ${origin} to actions.allow if it is yours`,
      ),
    ];
  });
}
