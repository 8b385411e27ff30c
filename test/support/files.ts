import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const NOT_OURS = new Set(['node_modules', 'cdk.out', 'lib', 'dist', 'coverage']);

export interface SourceFile {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Files of the repository in `places` (files or folders, from its root) whose names end as given. */
export function filesIn(places: readonly string[], ...endings: readonly string[]): SourceFile[] {
  return places.flatMap((place) => pathsIn(place))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Whether the repository has a file or folder. */
export function isInRepository(path: string): boolean {
  return existsSync(join(ROOT, path));
}

function pathsIn(place: string): string[] {
  if (!statSync(join(ROOT, place)).isDirectory()) {
    return [place];
  }
  return readdirSync(join(ROOT, place)).sort().filter((name) => !NOT_OURS.has(name)).flatMap((name) => pathsIn(`${place}/${name}`));
}
