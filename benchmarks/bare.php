<?php
// What PHP needs at the least: one file, mysqli, json_encode; a token's hash, and no framework.
$path = explode('?', $_SERVER['REQUEST_URI'])[0];
$answer = function ($payload, $status = 200) {
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($payload);
    exit;
};
if (!hash_equals($_SERVER['BENCH_TOKEN'], hash('sha256', $_SERVER['HTTP_AUTHTOKEN'] ?? ''))) {
    $answer(['status' => false], 401);
}
$db = new mysqli('localhost', 'root', '', $_SERVER['BENCH_DB'], 0, $_SERVER['BENCH_SOCKET']);
$db->set_charset('utf8mb4');
$all = fn ($sql) => $db->query($sql)->fetch_all(MYSQLI_ASSOC);
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    $known = array_flip(['company', 'vat', 'phonenumber', 'city', 'zip', 'address', 'website']);
    $row = array_map(fn ($text) => "'" . $db->real_escape_string($text) . "'", array_intersect_key($_POST, $known));
    $db->query('INSERT INTO tblclients (datecreated,' . implode(',', array_keys($row)) . ') VALUES (NOW(),'
        . implode(',', $row) . ')');
    $answer(['status' => true, 'message' => 'Customer add successful.', 'record_id' => $db->insert_id]);
}
$id = (int) substr($path, strlen('/api/customers/'));
if ($id) {
    $found = $all("SELECT * FROM tblclients WHERE userid = $id");
    $answer($found ? $found[0] : ['status' => false], $found ? 200 : 404);
}
if (isset($_GET['page'])) {
    $size = (int) $_GET['per_page'];
    $first = $size * ((int) $_GET['page'] - 1);
    $total = (int) $all('SELECT COUNT(*) AS n FROM tblclients')[0]['n'];
    $answer(['data' => $all("SELECT * FROM tblclients ORDER BY userid LIMIT $size OFFSET $first"),
        'meta' => ['total' => $total]]);
}
$answer($all('SELECT * FROM tblclients ORDER BY ' . (($_GET['sort'] ?? '') === 'userid' ? 'userid' : 'company, userid')));
