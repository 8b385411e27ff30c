import type { DomainMapping, RestApiModel } from './model';
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

/** An API that custom domains may lead to: a REST or an HTTP API. */
export interface Mapped {
  readonly mappings: readonly DomainMapping[];
}

/** Where a request for a custom domain leads. */
export interface MappedRequest<T> {
  readonly api: T;
  readonly mapping: DomainMapping;
  readonly host: string;
  /** Path of the whole URL on AWS. */
  readonly path: string;
  /** Path below the base path. */
  readonly below: string;
  /** What paths of the domain have in front of them here. */
  readonly base: string;
}

/**
 * Whether a path, or the host that the request is for, is one of an API.
 *
 * @param mapped all APIs that custom domains lead to: those of another kind answer for themselves
 */
export function isAddress(request: HttpRequest, apis: readonly RestApiModel[], mapped: readonly Mapped[]): boolean {
  const { path, headers } = request;
  const found = mappedRequest(request, mapped);
  if (found) {
    return apis.some((api) => api === found.api);
  }
  return path.startsWith(APIS_PREFIX) || path.startsWith(DOMAINS_PREFIX) || hasDomain(hostOf(headers), mapped);
}

/** The API at an address, if there is one that answers there. */
export function addressOf(request: HttpRequest, apis: readonly RestApiModel[]): Address | undefined {
  const { path } = request;
  const found = mappedRequest(request, apis);
  if (found) {
    const { api, base, mapping, host } = found;
    // A cookie for the whole host stays one: its name may ask for that.
    const toSandbox = (target: string) => target.startsWith('/') && target !== '/' ? `${base}${target}` : target;
    return { api, stage: mapping.stage, path: found.below, eventPath: found.path, publicPath: found.path, host, toSandbox };
  }
  if (!path.startsWith(APIS_PREFIX)) {
    return undefined;
  }
  const [id, stage, ...rest] = path.slice(APIS_PREFIX.length).split('/');
  const api = apis.find((candidate) => candidate.id === id);
  if (!api || api.invokeUrlDisabled || !api.stages.includes(stage)) {
    return undefined;
  }
  const below = `/${rest.join('/')}`;
  const toSandbox = (target: string) =>
    target === `/${stage}` || target.startsWith(`/${stage}/`) ? `${APIS_PREFIX}${id}/${stage}${target.slice(stage.length + 1)}` : target;
  return { api, stage, path: below, eventPath: below, publicPath: path, host: hostOf(request.headers), toSandbox };
}

/**
 * The API to which a custom domain leads, by the longest base path that the path begins with. Undefined: the request is for no domain, or
 * none has this path.
 */
export function mappedRequest<T extends Mapped>({ path, headers }: HttpRequest, apis: readonly T[]): MappedRequest<T> | undefined {
  const asked = hostOf(headers);
  if (hasDomain(asked, apis)) {
    return mappedAt(asked, path, '', apis);
  }
  if (!path.startsWith(DOMAINS_PREFIX)) {
    return undefined;
  }
  const [domain = ''] = path.slice(DOMAINS_PREFIX.length).split('/');
  const base = `${DOMAINS_PREFIX}${domain}`;
  return mappedAt(domain, path.slice(base.length) || '/', base, apis);
}

function mappedAt<T extends Mapped>(host: string, path: string, base: string, apis: readonly T[]): MappedRequest<T> | undefined {
  const [found] = apis.flatMap((api) => api.mappings.map((mapping) => ({ api, mapping })))
    .filter(({ mapping }) => mapping.host === host && isBelow(path, mapping.basePath))
    .sort((a, b) => b.mapping.basePath.length - a.mapping.basePath.length);
  return found && { ...found, host, path, base, below: found.mapping.basePath === '' ? path : path.slice(found.mapping.basePath.length + 1) || '/' };
}

function isBelow(path: string, basePath: string): boolean {
  return basePath === '' || path === `/${basePath}` || path.startsWith(`/${basePath}/`);
}

const ANY_HOST = /https:\/\/([a-z0-9.-]+)(?![\w.-])/g;

/** URLs of custom domains lead to AWS: replaces them with the URLs of the sandbox. */
export function toDomainUrls(text: string, hosts: readonly string[], endpoint: string): string {
  return text.replace(ANY_HOST, (url, host: string) => hosts.includes(host) ? `${endpoint}${DOMAINS_PREFIX}${host}` : url);
}

function hasDomain(host: string, apis: readonly Mapped[]): boolean {
  return apis.some(({ mappings }) => mappings.some((mapping) => mapping.host === host));
}

function hostOf(headers: Readonly<Record<string, string>>): string {
  return (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
}
