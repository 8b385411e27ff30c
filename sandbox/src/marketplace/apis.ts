import type { AwsApi } from '../gateway/aws-api';
import { marketplaceActions } from './api/actions';

/** The APIs of AWS Marketplace, as the gateway knows them. They share one signing name, which says nothing about the API. */
export const MARKETPLACE_APIS: readonly AwsApi[] = [
  {
    name: 'metering',
    target: 'AWSMPMeteringService',
    actions: marketplaceActions,
    faults: { operations: ['BatchMeterUsage', 'MeterUsage', 'RegisterUsage', 'ResolveCustomer'], unprocessed: 'BatchMeterUsage' },
  },
  { name: 'entitlement', target: 'AWSMPEntitlementService', actions: marketplaceActions, faults: { operations: ['GetEntitlements'] } },
  { name: 'agreement', target: 'AWSMPCommerceService_v20200301', actions: marketplaceActions, faults: {} },
  { name: 'aws-marketplace', actions: marketplaceActions },
];
