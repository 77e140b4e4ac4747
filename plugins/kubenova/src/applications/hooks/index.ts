export { useApplication } from './useApplication';
export { useApplications } from './useApplications';
export {
  useDeleteApplication,
  useDeploy,
  useUpdateApplication,
} from './useApplicationChanges';
export { useRevisions } from './useRevisions';
