//! Circles in a graph.

/// One node of each strongly connected part that has a circle in it: Tarjan's algorithm, without recursion.
pub(super) fn circles(next: &[Vec<u32>]) -> Vec<u32> {
    const UNSEEN: u32 = u32::MAX;
    let mut index = vec![UNSEEN; next.len()];
    let mut low = vec![0_u32; next.len()];
    let mut on_stack = vec![false; next.len()];
    let mut stack = Vec::new();
    let mut found = Vec::new();
    let mut counter = 0;
    for root in 0..next.len() {
        if index[root] != UNSEEN {
            continue;
        }
        let mut calls = vec![(root, 0_usize)];
        while let Some((node, edge)) = calls.pop() {
            if edge == 0 {
                index[node] = counter;
                low[node] = counter;
                counter += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(&to) = next[node].get(edge) {
                let to = to as usize;
                calls.push((node, edge + 1));
                if index[to] == UNSEEN {
                    calls.push((to, 0));
                } else if on_stack[to] {
                    low[node] = low[node].min(index[to]);
                }
                continue;
            }
            if let Some(&(caller, _)) = calls.last() {
                low[caller] = low[caller].min(low[node]);
            }
            if low[node] == index[node] {
                let mut part = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    part.push(member);
                    if member == node {
                        break;
                    }
                }
                if part.len() > 1 || next[node].contains(&(node as u32)) {
                    found.push(node as u32);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::circles;

    #[test]
    fn each_circle_is_found_once() {
        assert_eq!(circles(&[vec![1], vec![2], vec![]]), Vec::<u32>::new());
        assert_eq!(circles(&[vec![0]]), [0]);
        assert_eq!(circles(&[vec![1], vec![2], vec![0, 3], vec![4], vec![3]]).len(), 2);
        // A way back over a shared node is no circle.
        assert_eq!(circles(&[vec![1, 2], vec![3], vec![3], vec![]]), Vec::<u32>::new());
    }
}
