import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Code that no sandbox has used for this long is removed. */
const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * Copies of code in folders named by their content, shared by all sandboxes of a user: Node.js compiles a file once for each
 * place that it is loaded from, so that a cold start of code at a new place takes twice as long.
 */
export class CodeStore {
  /** @param root default: a folder of the user's among the temporary files; undefined where another user owns it */
  constructor(private readonly root: string | undefined = ownFolder()) {}

  /**
   * The folder with this code, made if need be.
   *
   * @param folder a folder with the code, which the store takes over: it is moved, or removed
   */
  keep(folder: string): string {
    if (this.root === undefined) {
      return folder;
    }
    const digest = digestOf(folder);
    const kept = path.join(this.root, digest);
    if (fs.existsSync(kept) && digestOf(kept) !== digest) {
      // A function has written into its own folder.
      fs.rmSync(kept, { recursive: true, force: true });
    }
    try {
      fs.renameSync(folder, kept);
    } catch (error) {
      if (!fs.existsSync(kept)) {
        return folder;
      }
      fs.rmSync(folder, { recursive: true, force: true });
    }
    const now = new Date();
    fs.utimesSync(kept, now, now);
    return kept;
  }

  /** Removes code that has not been used for a week. */
  prune(now: number): void {
    for (const name of this.root === undefined ? [] : fs.readdirSync(this.root)) {
      const kept = path.join(this.root!, name);
      const stat = fs.statSync(kept, { throwIfNoEntry: false });
      if (stat !== undefined && stat.mtimeMs < now - KEPT_MS) {
        fs.rmSync(kept, { recursive: true, force: true });
      }
    }
  }
}

function ownFolder(): string | undefined {
  const { uid, username } = os.userInfo();
  const folder = path.join(os.tmpdir(), `marketplace-sandbox-code-${uid < 0 ? username : uid}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = fs.lstatSync(folder);
  return owner.isDirectory() && (uid < 0 || owner.uid === uid) ? folder : undefined;
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = path.join(folder, name);
    if (fs.statSync(file).isFile()) {
      const content = fs.readFileSync(file);
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex').slice(0, 32);
}
