import { Route, Routes } from 'react-router-dom';
import { ClusterList } from '../ClusterList';
import { ClusterPage } from '../ClusterPage';

export const ClustersPage = () => (
  <Routes>
    <Route index element={<ClusterList />} />
    <Route path=":clusterName" element={<ClusterPage />} />
  </Routes>
);
