import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder on disk that a test opens in the editor. */
export class TestWorkspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'pod-roles-workspace-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
  }

  write(path: string, text: string): void {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  /** What is on disk now. */
  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Line and column from 1 of the first place of a text in a file: where a user would put the cursor. */
  find(path: string, text: string): { line: number; column: number } {
    const before = this.read(path).split(text, 1)[0]!;
    if (before === this.read(path)) throw new Error(`${path} does not hold ${text}`);
    const lines = before.split('\n');
    return { line: lines.length, column: lines[lines.length - 1]!.length + 1 };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
