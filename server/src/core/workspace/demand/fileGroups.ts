import type { Fact } from '../../model/facts';
import { longestHcl } from '../../documents/readSourceFile';
import { withinLimits } from '../../readers/policyLimits';
import type { GroupReader } from '../../readers/reader';
import { hclParser } from '../../syntax/hcl/parser';
import type { SourceFile } from '../../syntax/sourceFile';

export interface FileGroup {
  readonly reader: GroupReader;
  readonly files: Map<string, SourceFile>;
}

/** A group read anew: its files, and the facts of each. */
export interface GroupReading {
  readonly files: readonly SourceFile[];
  readonly facts: ReadonlyMap<string, readonly Fact[]>;
  /** Why nothing of it was read, in plain words. */
  readonly skipped?: string;
}

/**
 * Files whose facts depend on each other (readers/reader.ts, GroupReader). Keeps their texts, for any of them may change
 * what another one says; reads a group again only after one of its files changed, and only when somebody asks.
 */
export class FileGroups {
  private readonly groups = new Map<string, FileGroup>();
  private readonly groupOfFile = new Map<string, string>();
  private readonly dirty = new Set<string>();

  constructor(private readonly readers: readonly GroupReader[]) {}

  /** Takes a file; false where it belongs to no group. */
  put(file: SourceFile): boolean {
    for (const reader of this.readers) {
      const key = file.skipped === undefined ? reader.groupOf(file.uri, file.syntax) : undefined;
      if (key === undefined) continue;
      const group = this.groups.get(key) ?? { reader, files: new Map<string, SourceFile>() };
      this.groups.set(key, group);
      group.files.set(file.uri, file);
      this.groupOfFile.set(file.uri, key);
      this.dirty.add(key);
      return true;
    }
    this.remove(file.uri);
    return false;
  }

  remove(uri: string): void {
    const key = this.groupOfFile.get(uri);
    if (key === undefined) return;
    this.groupOfFile.delete(uri);
    const group = this.groups.get(key)!;
    group.files.delete(uri);
    if (group.files.size === 0) this.groups.delete(key);
    this.dirty.add(key);
  }

  has(uri: string): boolean {
    return this.groupOfFile.has(uri);
  }

  /** The group of a file; undefined for a file of none. */
  groupOf(uri: string): FileGroup | undefined {
    const key = this.groupOfFile.get(uri);
    return key === undefined ? undefined : this.groups.get(key);
  }

  /** True where something is to be read. */
  get waiting(): boolean {
    return this.dirty.size > 0;
  }

  /** True where a group that matters waits for the parser of HCL. */
  get waitsForHcl(): boolean {
    return (
      hclParser() === undefined &&
      [...this.dirty].some((key) => {
        const group = this.groups.get(key);
        return group !== undefined && needsHcl(group) && matters(group);
      })
    );
  }

  /** Reads every group that changed. One that needs the parser of HCL waits until it is here. */
  *readChanged(onError: (reader: string, error: unknown) => void): Generator<GroupReading> {
    for (const key of [...this.dirty]) {
      const group = this.groups.get(key);
      if (group && needsHcl(group) && matters(group) && !hclParser()) continue;
      this.dirty.delete(key);
      if (group) yield read(group, onError);
    }
  }
}

function needsHcl({ files }: FileGroup): boolean {
  return [...files.values()].some((file) => file.syntax === 'hcl');
}

/** Whether some document of the group holds a trigger word: else none is parsed. */
function matters({ files }: FileGroup): boolean {
  return [...files.values()].some((file) => file.documents.some((document) => document.relevant));
}

function read(group: FileGroup, onError: (reader: string, error: unknown) => void): GroupReading {
  const files = [...group.files.values()].sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
  const facts = new Map<string, Fact[]>();
  if (!matters(group)) return { files, facts };
  const length = files.reduce((sum, file) => file.documents.reduce((own, { text }) => own + text.length, sum), 0);
  if (length > longestHcl)
    return {
      files,
      facts,
      skipped: `too large: ${megabytes(length)} MB in the files of one folder that are read together, the limit is ${megabytes(longestHcl)} MB`,
    };
  try {
    const inputs = files.flatMap((file) =>
      file.documents.map((document) => ({ doc: document.ref, text: document.text, tree: document.tree() })),
    );
    for (const each of group.reader.read(inputs)) {
      const fact = withinLimits(each);
      const own = facts.get(fact.doc.uri);
      if (own) own.push(fact);
      else facts.set(fact.doc.uri, [fact]);
    }
  } catch (error) {
    onError(group.reader.id, error);
  }
  for (const own of facts.values()) own.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  return { files, facts };
}

function megabytes(length: number): string {
  return (length / 1e6).toFixed(1);
}
