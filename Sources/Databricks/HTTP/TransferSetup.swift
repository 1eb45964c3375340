import CCurl
import Glibc

/// How a request becomes settings of a curl handle. All of it on the loop's thread.
extension Transfer {
    /// Prepares `easy`, which is fresh or reset. Sets `failure` when the request cannot be sent.
    func configure(_ easy: EasyHandle) {
        self.easy = easy
        moved = (0, .now)
        // The transfer outlives the handle's use of it: the loop holds it until `release`.
        let me = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // Without it the loop would stand still until a hanging getaddrinfo of a cancelled transfer returns.
        ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        guard request.url.hasPrefix("https://") || request.url.hasPrefix("http://") else {
            return fail(.other, "only http and https URLs can be asked")
        }
        ccurl_set_string(easy, CURLOPT_URL, request.url)
        // libcurl also speaks file:, ftp:, smb:, …
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        let isOpen = options.allowsPlainHTTP || !request.isConfidential
        ccurl_set_string(easy, CURLOPT_REDIR_PROTOCOLS_STR, isOpen ? "http,https" : "https")
        // Headers other than Authorization and Cookie would go along to another host.
        let redirects = request.secretHeaders.isEmpty ? request.maximumRedirects : 0
        ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, redirects > 0 ? 1 : 0)
        ccurl_set_long(easy, CURLOPT_MAXREDIRS, redirects)
        setConnection(easy)
        setTrust(easy)
        if case .connect = mode { return setNoRequest(easy) }
        setMethod(easy)
        setHeaders(easy)
        setBody(easy)
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, me)
        ccurl_set_io(easy, CURLOPT_WRITEFUNCTION) { data, size, count, context in
            Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
                .received(UnsafeRawBufferPointer(start: data, count: size * count))
        }
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, me)
        ccurl_set_io(easy, CURLOPT_HEADERFUNCTION) { data, size, count, context in
            Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
                .receivedHeader(UnsafeRawBufferPointer(start: data, count: size * count))
            return size * count
        }
    }

    var receiveBuffer: Int { request.prefersHTTP1 ? options.downloadBuffer : options.receiveBuffer }

    private func setConnection(_ easy: EasyHandle) {
        ccurl_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(easy, CURLOPT_PIPEWAIT, 1)
        ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        ccurl_set_long(easy, CURLOPT_BUFFERSIZE, receiveBuffer)
        if request.needsFreshConnection || mayBeSentTwice { ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1) }
        // "" asks for every coding that libcurl can undo.
        if request.acceptsCompression { ccurl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "") }
        if request.prefersHTTP1 { ccurl_set_long(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) }
        if request.bypassesProxy {
            ccurl_set_string(easy, CURLOPT_PROXY, "")
        } else if let proxy = options.proxy {
            ccurl_set_string(easy, CURLOPT_PROXY, proxy)
        } else if HostURL.isLoopback(request.url) {
            // A proxy is another machine.
            ccurl_set_string(easy, CURLOPT_NOPROXY, "*")
        }
        if let limit = request.connectTimeout { ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, limit.milliseconds) }
        if let limit = request.totalTimeout { ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, limit.milliseconds) }
    }

    /// Whether libcurl could repeat a request that must not be: when a kept connection dies before the first byte of the
    /// answer, libcurl sends the request again by itself, POST too, unless it had begun to send a body that cannot be
    /// rewound. A form can be, and where there is no body nothing stops it.
    private var mayBeSentTwice: Bool {
        guard request.repetition != .freely else { return false }
        switch request.body {
        case .bytes(let bytes): return bytes.isEmpty
        case .file: return false
        case .none, .multipart: return true
        }
    }

    /// A connection that is opened and no more: libcurl refuses this time of `If-Modified-Since`, which it cannot write as a
    /// date, when all is agreed and before it sends the request, and keeps the connection.
    private func setNoRequest(_ easy: EasyHandle) {
        ccurl_set_long(easy, CURLOPT_TIMECONDITION, Int(CURL_TIMECOND_IFMODSINCE.rawValue))
        ccurl_set_offset(easy, CURLOPT_TIMEVALUE_LARGE, .max)
    }

    /// File and directory are set both, one of them to nothing: a default of Debian's would otherwise be trusted too,
    /// and CAPATH's turns libcurl's cache of parsed certificates off.
    private func setTrust(_ easy: EasyHandle) {
        switch options.trust {
        case .file(let path):
            ccurl_set_string(easy, CURLOPT_CAINFO, path)
            ccurl_set_string(easy, CURLOPT_CAPATH, nil)
        case .directory(let path):
            ccurl_set_string(easy, CURLOPT_CAINFO, nil)
            ccurl_set_string(easy, CURLOPT_CAPATH, path)
        case .builtIn:
            break
        }
    }

    private func setMethod(_ easy: EasyHandle) {
        switch request.method {
        case "GET": ccurl_set_long(easy, CURLOPT_HTTPGET, 1)
        case "HEAD": ccurl_set_long(easy, CURLOPT_NOBODY, 1)
        default: ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method)
        }
    }

    private func setHeaders(_ easy: EasyHandle) {
        // libcurl would ask for permission ("Expect: 100-continue") before bigger bodies and wait a second for it.
        var list = ccurl_slist_append(nil, "Expect:")
        let secret = request.secretHeaders.map { (name: $0.name, value: $0.value.reveal()) }
        for (name, value) in request.headers + secret {
            guard !(name + value).utf8.contains(where: { $0 == 0x0D || $0 == 0x0A || $0 == 0 }) else {
                fail(.other, "header \(name) holds a line break")
                continue
            }
            // "Name:" would remove a header, "Name;" sends it empty.
            list = ccurl_slist_append(list, value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        headerList = list
        ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, list)
    }

    private func setBody(_ easy: EasyHandle) {
        switch request.body {
        case .none:
            if ["POST", "PUT", "PATCH"].contains(request.method) { ccurl_set_copied_body(easy, nil, 0) }
        case .bytes(let bytes) where request.repetition != .freely && !bytes.isEmpty:
            setBodyReadOnce(easy, bytes)
        case .bytes(let bytes):
            // Copied by libcurl before the call returns.
            _ = bytes.withUnsafeBytes { ccurl_set_copied_body(easy, $0.baseAddress, $0.count) }
        case .file(let path, let range):
            setUpload(easy, path, range)
        case .multipart(let parts):
            setMultipart(easy, parts)
        }
    }

    /// A body that is read as it is sent and cannot be rewound (there is no SEEKFUNCTION): libcurl ends with
    /// `CURLE_SEND_FAIL_REWIND` where it would send the request again.
    private func setBodyReadOnce(_ easy: EasyHandle, _ bytes: [UInt8]) {
        unsent = bytes[...]
        ccurl_set_long(easy, CURLOPT_POST, 1)
        ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        ccurl_set_pointer(easy, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque())
        ccurl_set_io(easy, CURLOPT_READFUNCTION) { data, size, count, context in
            Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
                .giveUnsent(UnsafeMutableRawBufferPointer(start: data, count: size * count))
        }
    }

    /// Moves the next bytes of the body to libcurl.
    private func giveUnsent(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let piece = unsent.prefix(buffer.count)
        buffer.copyBytes(from: piece)
        unsent = unsent.dropFirst(piece.count)
        return piece.count
    }

    private func setUpload(_ easy: EasyHandle, _ path: String, _ range: Range<Int>?) {
        guard let file = fopen(path, "rbe"), fseeko(file, 0, SEEK_END) == 0 else {
            return fail(.file, "cannot read \(path): \(String(cString: strerror(errno)))")
        }
        upload = file
        let size = ftello(file)
        uploadRange = range.map { $0.clamped(to: 0..<size) } ?? 0..<size
        fseeko(file, uploadRange.lowerBound, SEEK_SET)
        ccurl_set_long(easy, CURLOPT_UPLOAD, 1)
        ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(uploadRange.count))
        ccurl_set_pointer(easy, CURLOPT_READDATA, Unmanaged.passUnretained(self).toOpaque())
        ccurl_set_io(easy, CURLOPT_READFUNCTION) { data, size, count, context in
            Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
                .readUpload(UnsafeMutableRawBufferPointer(start: data, count: size * count))
        }
        // Without it the file cannot be rewound, as above.
        guard request.repetition == .freely else { return }
        ccurl_set_pointer(easy, CURLOPT_SEEKDATA, Unmanaged.passUnretained(self).toOpaque())
        ccurl_set_seek(easy) { context, offset, origin in
            Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue().rewindUpload(to: Int(offset), origin) ? 0 : 1
        }
    }

    /// Moves the next bytes of the file to libcurl.
    private func readUpload(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let upload, let base = buffer.baseAddress else { return 0 }
        let at = ftello(upload)
        let count = fread(base, 1, min(buffer.count, uploadRange.upperBound - at), upload)
        request.sent?(at + count - uploadRange.lowerBound)
        return count
    }

    /// libcurl asks for places from the beginning of the body only.
    private func rewindUpload(to offset: Int, _ origin: Int32) -> Bool {
        guard let upload, origin == SEEK_SET else { return false }
        return fseeko(upload, uploadRange.lowerBound + offset, SEEK_SET) == 0
    }

    private func setMultipart(_ easy: EasyHandle, _ parts: [HTTPRequest.Part]) {
        guard let multipart = ccurl_mime_init(easy) else { return fail(.other, "libcurl is out of memory") }
        self.multipart = multipart
        for part in parts {
            guard let handle = ccurl_mime_add(multipart) else { return fail(.other, "libcurl is out of memory") }
            ccurl_mime_name(handle, part.name)
            switch part.content {
            case .bytes(let bytes):
                // Copied by libcurl before the call returns.
                _ = bytes.withUnsafeBytes {
                    ccurl_mime_data(handle, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
                }
            case .file(let path):
                guard ccurl_mime_file(handle, path) == CURLE_OK else { return fail(.file, "cannot read \(path)") }
            }
            if let filename = part.filename { ccurl_mime_filename(handle, filename) }
            if let type = part.contentType { ccurl_mime_type(handle, type) }
        }
        ccurl_set_pointer(easy, CURLOPT_MIMEPOST, UnsafeMutableRawPointer(multipart))
    }

    /// Records why the request cannot be sent at all.
    private func fail(_ kind: TransportError.Kind, _ message: String) {
        failure = failure ?? TransportError(kind, request, message, mayHaveArrived: false)
    }

    /// Frees what `configure` made. The handle has been reset and no longer points to any of it.
    func release() {
        ccurl_mime_free(multipart)
        ccurl_slist_free(headerList)
        if let upload { fclose(upload) }
        (multipart, headerList, upload, easy) = (nil, nil, nil, nil)
        unsent = []
    }
}

extension Duration {
    /// Whole milliseconds, at least 1: libcurl reads 0 as "no limit".
    fileprivate var milliseconds: Int {
        max(1, Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}
