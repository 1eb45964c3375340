import System

/// The engine's process: launched, listened to, launched again.
extension Workspace {
    /// Does what the engine's life cycle asks for.
    func perform(_ action: EngineLifeCycle.Action) {
        switch action {
        case .nothing: break
        case .launch: launchWorker()
        case .stop: worker?.end()
        }
        settle()
    }

    private func launchWorker() {
        guard !stopped else { return }
        (gateway, failureReason) = (nil, nil)
        cluster.booting("Starting the engine: Java is starting")
        do {
            // Its temporary files go where they are found and removed should this server be killed.
            let worker = try launch("worker", [data.root], variables: ["TMPDIR": data.scratch])
            self.worker = worker
            readers[worker.pid] = Task {
                for await event in worker.events {
                    switch event {
                    case .line(let line): EngineEvent(line: line).map(handle)
                    case .ended(let reason): workerEnded(reason.description)
                    }
                }
                readers[worker.pid] = nil
            }
        } catch {
            workerEnded(String(describing: error))
        }
    }

    /// Tells the engine something; nothing happens when it does not run, as its end is handled elsewhere.
    func tell(_ message: JSON) { worker?.send(message.bytes) }

    private func handle(_ event: EngineEvent) {
        switch event {
        case .boot(let stage, let message): boot(stage, message)
        case .gateway(let gateway):
            self.gateway = gateway
            for process in contextProcesses.values { process.send(EngineMessage.attach(gateway).bytes) }
        case .contextReady, .connect: break
        case .endpoint(let id, let answer): endpointAnswered(id, answer)
        case .running(let id):
            statements[id]?.running(at: .now)
            commandStarted(id)
        case .progress(let id, let metrics): statements[id]?.progressed(metrics)
        case .statementDone(let id, let output):
            engine.worked()
            if !setUpAnswered(id, nil) { statementSucceeded(id, output) }
        case .statementMeasured(let id, let measures): statements[id]?.measured(measures)
        case .statementFailed(let id, let failure):
            engine.worked()
            guard !setUpAnswered(id, failure) else { break }
            statements[id]?.failed(failure, at: .now)
            wake(id)
        case .statementCanceled(let id):
            _ = statements[id]?.cancel(at: .now)
            wake(id)
        case .commandDone(let id, let canceled, let results):
            engine.worked()
            commandEnded(id, canceled: canceled, results: results)
        }
    }

    private func boot(_ stage: String, _ message: String?) {
        switch stage {
        case "jvm": cluster.booting("Starting the engine: Spark is starting")
        case "session": cluster.booting("Starting the engine: almost ready")
        case "ready":
            engine.ready()
            settle()
        default: failureReason = message ?? stage
        }
    }

    private func workerEnded(_ reason: String) {
        worker = nil
        gateway = nil
        connectEndpointEnded()
        let why = failureReason ?? "Spark's process is gone: \(reason)."
        switch engine.ended() {
        case .stopped: break
        case .relaunch: launchWorker()
        case .failed:
            engineLost("The local engine did not start: \(why)")
        case .crashed(relaunch: false):
            engineLost("The local engine ended by itself, again and again: \(why)")
        case .crashed(relaunch: true):
            let message = "The local engine ended by itself and is started again: \(why)"
            loseContexts(message)
            failStatements(message, unsentToo: false)
            cluster.crashed(message, at: .now)
            warehouse.crashed()
            launchWorker()
        }
        settle()
    }

    /// There is no engine and there will be none until somebody starts it.
    private func engineLost(_ message: String) {
        loseContexts(message)
        failStatements(message, unsentToo: true)
        cluster.failed(message, at: .now)
        warehouse.failed(message)
    }
}
