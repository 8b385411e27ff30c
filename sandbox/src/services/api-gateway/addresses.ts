import type { RestApiModel } from './model';
import type { HttpRequest } from '../../gateway/aws-call';

/** Invoke URLs are `<endpoint>/_apis/<id>/<stage>/…`. */
export const APIS_PREFIX = '/_apis/';
/** Stands for `https://<host>/…` of a custom domain: `<endpoint>/_domains/<host>/…`. */
export const DOMAINS_PREFIX = '/_domains/';

/** What an address leads to. */
export interface Address {
  readonly api: RestApiModel;
  readonly stage: string;
  /** Path below the stage or base path: what routes match. */
  readonly path: string;
  /** `path` of the event: with the base path of a custom domain. */
  readonly eventPath: string;
  /** Path of the whole URL, as on AWS. */
  readonly publicPath: string;
  readonly host: string;
  /** The path here of an absolute path on AWS. */
  readonly toSandbox: (path: string) => string;
}

/** Whether a path, or the host that the request is for, is one of an API. */
export function isAddress({ path, headers }: HttpRequest, apis: readonly RestApiModel[]): boolean {
  return path.startsWith(APIS_PREFIX) || path.startsWith(DOMAINS_PREFIX) || hasDomain(hostOf(headers), apis);
}

/** The API at an address, if there is one that answers there. */
export function addressOf(request: HttpRequest, apis: readonly RestApiModel[]): Address | undefined {
  const { path } = request;
  const host = hostOf(request.headers);
  if (hasDomain(host, apis)) {
    return domainAddress(host, path, '', apis);
  }
  if (path.startsWith(DOMAINS_PREFIX)) {
    const [domain] = path.slice(DOMAINS_PREFIX.length).split('/');
    const base = `${DOMAINS_PREFIX}${domain}`;
    return domainAddress(domain, path.slice(base.length) || '/', base, apis);
  }
  const [id, stage, ...rest] = path.slice(APIS_PREFIX.length).split('/');
  const api = apis.find((candidate) => candidate.id === id);
  if (!api || api.invokeUrlDisabled || !api.stages.includes(stage)) {
    return undefined;
  }
  const below = `/${rest.join('/')}`;
  const toSandbox = (target: string) =>
    target === `/${stage}` || target.startsWith(`/${stage}/`) ? `${APIS_PREFIX}${id}/${stage}${target.slice(stage.length + 1)}` : target;
  return { api, stage, path: below, eventPath: below, publicPath: path, host, toSandbox };
}

/** Of the mappings of a domain, the one with the base path of this path; else the one without a base path. */
function domainAddress(host: string, path: string, base: string, apis: readonly RestApiModel[]): Address | undefined {
  const [, first = ''] = path.split('/');
  const mappings = apis.flatMap((api) => api.mappings.filter((mapping) => mapping.host === host).map((mapping) => ({ api, ...mapping })));
  const mapping = mappings.find(({ basePath }) => basePath !== '' && basePath === first) ?? mappings.find(({ basePath }) => basePath === '');
  if (mapping === undefined) {
    return undefined;
  }
  const { api, stage, basePath } = mapping;
  const below = basePath === '' ? path : path.slice(basePath.length + 1) || '/';
  // A cookie for the whole host stays one: its name may ask for that.
  const toSandbox = (target: string) => target.startsWith('/') && target !== '/' ? `${base}${target}` : target;
  return { api, stage, path: below, eventPath: path, publicPath: path, host, toSandbox };
}

function hasDomain(host: string, apis: readonly RestApiModel[]): boolean {
  return apis.some(({ mappings }) => mappings.some((mapping) => mapping.host === host));
}

function hostOf(headers: Readonly<Record<string, string>>): string {
  return (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
}
