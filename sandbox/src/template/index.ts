export { loadAssembly, type Assembly, type AssemblyStack } from './assembly';
export { buildModel, type BuildModelOptions } from './build-model';
export { AssemblyError } from './errors';
export { unpackArchives } from '../services/lambda/unpack-archives';
