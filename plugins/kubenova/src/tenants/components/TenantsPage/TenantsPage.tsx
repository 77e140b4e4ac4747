import { Route, Routes } from 'react-router-dom';
import { TenantList } from '../TenantList';
import { TenantPage } from '../TenantPage';

export const TenantsPage = () => (
  <Routes>
    <Route index element={<TenantList />} />
    <Route path=":tenantName" element={<TenantPage />} />
  </Routes>
);
