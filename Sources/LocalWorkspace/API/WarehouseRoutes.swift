/// SQL Warehouses API 2.0.
enum WarehouseRoutes {
    static func routes(_ workspace: Workspace, port: @escaping @Sendable () -> UInt16) -> [Route] {
        [
            .json("GET", "/api/2.0/sql/warehouses") { request in
                let one = describe(await workspace.warehouse, workspace.facts, port: port())
                let page = try Page(
                    of: [one], size: request.integerArgument("page_size", in: 0...100) ?? 100,
                    token: request.argument("page_token"))
                let answer: JSON = ["warehouses": .array(page.elements)]
                return answer.adding(["next_page_token": .optional(page.next)])
            },
            .json("GET", "/api/2.0/sql/warehouses/{id}") { request in
                try workspace.requireWarehouse(request.pathParameters["id"] ?? "")
                return describe(await workspace.warehouse, workspace.facts, port: port())
            },
            .json("POST", "/api/2.0/sql/warehouses/{id}/start") { request in
                try workspace.requireWarehouse(request.pathParameters["id"] ?? "")
                await workspace.startWarehouse()
                return [:]
            },
            .json("POST", "/api/2.0/sql/warehouses/{id}/stop") { request in
                try workspace.requireWarehouse(request.pathParameters["id"] ?? "")
                await workspace.stopWarehouse()
                return [:]
            },
        ]
    }

    private static func describe(_ warehouse: WarehouseLifeCycle, _ facts: Workspace.Facts, port: UInt16) -> JSON {
        let path = "/sql/1.0/warehouses/\(facts.warehouseID)"
        let running = warehouse.state == .running
        let object: JSON = [
            "id": .string(facts.warehouseID), "name": "local", "state": .string(warehouse.state.rawValue),
            "cluster_size": "2X-Small", "warehouse_type": "PRO", "enable_serverless_compute": false,
            "enable_photon": false, "min_num_clusters": 1, "max_num_clusters": 1, "num_clusters": running ? 1 : 0,
            "num_active_sessions": 0, "auto_stop_mins": 0, "creator_name": .string(facts.userName),
            "channel": ["name": "CHANNEL_NAME_CURRENT"],
            "odbc_params": [
                "hostname": "127.0.0.1", "path": .string(path), "port": .integer(port), "protocol": "http",
            ],
        ]
        return object.adding([
            "health": health(warehouse)
        ])
    }

    private static func health(_ warehouse: WarehouseLifeCycle) -> JSON {
        if let failure = warehouse.failure {
            return [
                "status": "FAILED", "summary": "Could not start", "details": .string(failure),
                "failure_reason": [
                    "code": "SPARK_ERROR", "type": "SERVICE_FAULT",
                    "parameters": ["databricks_error_message": .string(failure)],
                ],
            ]
        }
        return warehouse.state == .running ? ["status": "HEALTHY"] : .null
    }
}
