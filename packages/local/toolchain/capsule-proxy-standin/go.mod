module kubenova.local/toolchain/capsule-proxy-standin

go 1.26.0
