/**
 * The contract between an operator and the Manager: generated from `kubenova/link/v1`.
 *
 * @packageDocumentation
 */
export * from './gen/kubenova/link/v1/applications_pb.js';
export * from './gen/kubenova/link/v1/clusters_pb.js';
export * from './gen/kubenova/link/v1/desired_pb.js';
export * from './gen/kubenova/link/v1/events_pb.js';
export * from './gen/kubenova/link/v1/link_pb.js';
export * from './gen/kubenova/link/v1/tenants_pb.js';
export * from './gen/kubenova/link/v1/usage_pb.js';

/** gRPC's health checking; under a name of its own, because its messages have everyday names. */
export * as grpcHealth from './gen/grpc/health/v1/health_pb.js';
