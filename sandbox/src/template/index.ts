export { loadAssembly, type Assembly, type AssemblyStack } from './assembly';
export { buildModel, type BuildModelOptions } from './build-model';
export type { Deployment } from './deployment';
export { AssemblyError } from './errors';
export type { Resource } from './resource';
export type { ResourceType, ResourceTypes, TemplateSupport } from './resource-type';
export type { TemplatePath } from './template-path';
export type { Value } from './value';
