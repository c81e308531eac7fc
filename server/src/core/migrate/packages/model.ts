import type { Sdk } from './sdks';

/** A package with an AWS SDK, as a file fixes its version. Packages for tests and development alone aren't among them. */
export interface SdkPackage {
  readonly sdk: Sdk;
  /** As the file names it. */
  readonly name: string;
  readonly version: string;
  /** The line in the file, from 0. */
  readonly line: number;
  /** Whether the program itself uses it; undefined where the file doesn't tell. */
  readonly direct?: boolean;
}

/** An image and the folder that it is built from. */
export interface ImageBuild {
  /** Without a tag. */
  readonly image: string;
  /** The URI of the build context's folder, without a slash at its end. */
  readonly context: string;
  /** That of the Dockerfile's folder, where the file names one. */
  readonly dockerfile?: string;
}

/** What a kustomization makes of an image. */
export interface ImageChange {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  /** True where a digest takes the place of the tag. */
  readonly digest?: true;
}

/** What one file tells of SDKs and images. */
export interface PackageFile {
  readonly uri: string;
  readonly packages: readonly SdkPackage[];
  readonly builds: readonly ImageBuild[];
  readonly changes: readonly ImageChange[];
}

/** The files of a workspace that tell of SDKs and images, as a front has read them for a plan. */
export interface PackageFiles {
  readonly files: readonly PackageFile[];
  /** How many more there are, which were not read: too many, or too large. */
  readonly unread: number;
}
