module kubenova.local/toolchain/webhook-certgen

go 1.26.0
