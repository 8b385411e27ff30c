import type { Origin } from '../../model';
import type { FileAsset } from '../../template/assets';

declare module '../../model' {
  interface ModelLists {
    customResources: CustomResourceModel;
    bucketDeployments: BucketDeploymentModel;
    /** What CloudFormation would list, custom resources excepted. */
    stackResources: StackResourceModel;
  }
}

export interface StackResourceModel {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  /** The value of `Ref`. */
  readonly physicalId: string;
}

/** A custom resource whose function the app deploys. */
export interface CustomResourceModel extends Origin {
  readonly type: string;
  readonly stackId: string;
  readonly functionArn: string;
  /** With values that are not there yet, it is run in a later round. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Keys of the custom resources that come before. */
  readonly after: readonly string[];
}

/** Files of the cloud assembly that the CDK's `BucketDeployment` copies into a bucket. */
export interface BucketDeploymentModel extends Origin {
  readonly bucket: string;
  /** Without a slash at the end; empty for none. */
  readonly prefix: string;
  /** Archives are unpacked. */
  readonly extract: boolean;
  readonly sources: readonly BucketSource[];
}

export interface BucketSource {
  readonly asset: FileAsset;
  /** Texts of the files that stand for values of the deployment. */
  readonly markers: Readonly<Record<string, string>>;
}
